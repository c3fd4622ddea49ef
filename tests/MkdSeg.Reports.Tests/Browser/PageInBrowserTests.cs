using System.Text;
using MkdSeg.TestKit;

namespace MkdSeg.Reports.Tests.Browser;

/// <summary>The page in headless Chromium, with WebGL by software.</summary>
public class PageInBrowserTests
{
    // Draws and, in the same breath, counts the pixels whose colour is as asked for: later the picture may be gone.
    private const string CountPixels = """
        (isWanted => {
            reportViewer.drawScene();
            const gl = reportViewer.gl;
            const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
            gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
            let count = 0;
            for (let i = 0; i < pixels.length; i += 4) {
                count += isWanted(pixels[i], pixels[i + 1], pixels[i + 2]) ? 1 : 0;
            }
            return count;
        })
        """;

    private const string Bright = "(r, g, b) => r + g + b > 100";
    private const string Red = "(r, g, b) => r > g + 40 && r > b + 40";
    private const string Green = "(r, g, b) => g > r + 40 && g > b + 40";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private MadeRun _made = null!;
    private Chromium? _browser;

    [OneTimeSetUp]
    public async Task Open()
    {
        if (Chromium.Find() is null)
            Assert.Ignore("Chromium is not installed (Debian's package: chromium), so the page was not opened.");
        _made = new();
        _made.Write("run/locator.csv", "iteration,stage,seconds,lr_segmentor,lr_adversarial,L_locator\n"
            + "1,locator,1,0.01,0,0.75\n2,locator,2,0.006,0,0.5\n3,locator,3,0.003,0,0.25\n");
        Report.Write(_made.Options, _made.Path("report.html"));
        _browser = await Chromium.StartAsync(1200, 900, Patience);
        await _browser.ResizeAsync(1200, 900);
        await _browser.OpenAsync(_made.Path("report.html"));
        await _browser.UntilAsync("['shown', 'failed'].includes(document.querySelector('.viewer-frame').dataset.state)", Patience);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _made?.Dispose();
    }

    [TearDown]
    public void Nothing_was_complained_about() => Assert.That(_browser!.Complaints, Is.Empty);

    [Test]
    public async Task Every_chart_is_drawn()
    {
        const string drawn = """
            JSON.stringify([...document.querySelectorAll('.chart canvas')].map(canvas => {
                const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                return [canvas.id, pixels.some(value => value > 0)];
            }))
            """;
        Assert.That(await Text(drawn), Is.EqualTo(
            """[["dice-chart",true],["agreement-chart",true],["curves-chart-0",true],["curves-chart-1",true],"""
            + """["curves-chart-2",true],["curves-chart-3",true],["curves-chart-4",true]]"""));
    }

    [Test]
    public async Task Charts_show_the_numbers_of_the_report()
    {
        Assert.That(
            await Text("JSON.stringify(Chart.getChart('curves-chart-0').data.datasets[0].data)"),
            Is.EqualTo("""[{"x":1,"y":4},{"x":2,"y":3},{"x":3,"y":2},{"x":4,"y":1}]"""));
        Assert.That(
            await Text("JSON.stringify(Chart.getChart('curves-chart-3').data.datasets[0].data)"),
            Is.EqualTo("""[{"x":1,"y":0.75},{"x":2,"y":0.5},{"x":3,"y":0.25}]"""));
        // The stages of the training are not the locator's.
        Assert.That(
            await Text("[0, 3, 4].map(i => Chart.getChart(`curves-chart-${i}`).config.plugins.length).join()"),
            Is.EqualTo("1,0,0"));
        Assert.That(
            await Text("Chart.getChart('dice-chart').data.datasets.map(set => set.label + set.data[1].length).join()"),
            Is.EqualTo("Baseline5,S_syn5,S_real5,Ensemble5"));
    }

    [Test]
    public async Task Every_picture_is_there() => Assert.That(
        await Text("[...document.images].filter(image => image.complete && image.naturalWidth > 0).length + ' of '"
            + " + document.images.length"),
        Is.EqualTo("21 of 21"));

    [Test]
    public async Task The_viewer_shows_the_volume_and_structures_can_be_switched_off()
    {
        Assert.That(await Text("document.querySelector('.viewer-frame').dataset.state"), Is.EqualTo("shown"));
        Assert.That(await Pixels(Bright), Is.GreaterThan(1000));
        var (shell, core) = (await Pixels(Red), await Pixels(Green));
        Assert.That((shell, core), Is.GreaterThan((500, 500)));

        await _browser!.EvaluateAsync("document.querySelector('#viewer-structures input[value=\"2\"]').click()");
        Assert.That(await Pixels(Green), Is.Zero);
        Assert.That(await Pixels(Red), Is.GreaterThan(500));

        await _browser.EvaluateAsync("document.querySelector('#viewer-structures input[value=\"2\"]').click()");
        Assert.That(await Pixels(Green), Is.EqualTo(core));
    }

    [Test]
    public async Task Sagittal_slices_have_the_front_on_the_left_and_axial_ones_the_right()
    {
        // NIfTI's axes: millimetres grow to the patient's right and front.
        await Show("SAGITTAL");
        Assert.That(await Text($"(([a, b]) => `front ${{a[1] > b[1]}}`)({Ends})"), Is.EqualTo("front true"));
        await Show("AXIAL");
        Assert.That(await Text($"(([a, b]) => `right ${{a[0] > b[0]}}`)({Ends})"), Is.EqualTo("right true"));
        await _browser!.EvaluateAsync("void reportViewer.setSliceType(niivue.SLICE_TYPE.MULTIPLANAR)");
    }

    // Where two points of the only slice on the screen lie, the left one first, in mm.
    private const string Ends = """
        (() => {
            // NiiVue gives slices that it mirrors a negative width.
            const [start, top, width, height] = reportViewer.screenSlices[0].leftTopWidthHeight;
            const left = Math.min(start, start + width);
            return [0.4, 0.6].map(share => reportViewer.frac2mm(
                reportViewer.canvasPos2frac([left + share * Math.abs(width), top + height / 2])));
        })()
        """;

    // NiiVue puts a drawing off while it is busy with another one.
    private async Task Show(string sliceType)
    {
        var isDrawn = $"reportViewer.setSliceType(niivue.SLICE_TYPE.{sliceType}), reportViewer.drawScene(), "
            + $"reportViewer.screenSlices.map(slice => slice.axCorSag).join() === `${{niivue.SLICE_TYPE.{sliceType}}}`";
        for (var attempt = 0; attempt < 100 && await Text($"`${{({isDrawn})}}`") != "true"; attempt++)
            await Task.Delay(100);
    }

    [Test]
    public async Task Structures_in_the_viewer_have_the_colours_of_the_legend()
    {
        const string opacity = """
            (value => {
                const slider = document.getElementById('viewer-opacity');
                slider.value = value;
                slider.dispatchEvent(new Event('input'));
            })
            """;
        await _browser!.EvaluateAsync($"reportViewer.setSliceType(niivue.SLICE_TYPE.AXIAL); {opacity}(1)");
        try
        {
            // MadeRun's colours; the outer structure lies around the inner one, background around both.
            Assert.That(await Pixels("(r, g, b) => r === 255 && g === 0 && b === 0"), Is.GreaterThan(500));
            Assert.That(await Pixels("(r, g, b) => r === 0 && g === 255 && b === 0"), Is.GreaterThan(500));
        }
        finally
        {
            await _browser.EvaluateAsync($"reportViewer.setSliceType(niivue.SLICE_TYPE.MULTIPLANAR); {opacity}(0.5)");
        }
    }

    [Test]
    public async Task The_viewer_changes_masks_and_cases()
    {
        await Choose("mask", "none");
        Assert.That(await Pixels(Red), Is.Zero);
        await Choose("mask", "Truth");
        var truth = await Pixels(Red);
        await Choose("mask", "Baseline");
        Assert.That(await Pixels(Red), Is.GreaterThan(500).And.Not.EqualTo(truth));
        await Choose("case", "ct_05 (worst)");
        await _browser!.UntilAsync(
            "document.querySelector('.viewer-frame').dataset.state === 'shown' && "
            + "reportViewer.volumes[0].name.startsWith('ct_05')",
            Patience);
        Assert.That(await Pixels(Bright), Is.GreaterThan(1000));
        await Choose("mask", "Ensemble");
    }

    [Test]
    public async Task The_page_fits_a_phone()
    {
        await _browser!.ResizeAsync(375, 667, isPhone: true);
        try
        {
            // Charts take their new size a moment later.
            await _browser.UntilAsync("document.documentElement.scrollWidth === 375", TimeSpan.FromSeconds(20));
        }
        finally
        {
            await _browser.ResizeAsync(1200, 900);
        }
    }

    [Test]
    public async Task On_paper_there_are_pictures_instead_of_the_viewer()
    {
        await _browser!.EmulateMediaAsync("print");
        try
        {
            Assert.That(await Text("String(document.getElementById('viewer').offsetHeight)"), Is.EqualTo("0"));
            Assert.That(await Text("String(document.getElementById('pictures').offsetHeight > 0)"), Is.EqualTo("true"));
            Assert.That(Encoding.ASCII.GetString(await _browser.PrintAsync(), 0, 5), Is.EqualTo("%PDF-"));
        }
        finally
        {
            await _browser.EmulateMediaAsync("");
        }
    }

    private async Task<string> Text(string expression) => (await _browser!.EvaluateAsync(expression))!.GetValue<string>();

    private async Task<int> Pixels(string isWanted) =>
        (await _browser!.EvaluateAsync($"{CountPixels}({isWanted})"))!.GetValue<int>();

    private async Task Choose(string control, string option) => await _browser!.EvaluateAsync($$"""
        (select => {
            select.value = '{{option}}';
            select.dispatchEvent(new Event('change'));
        })(document.getElementById('viewer-{{control}}'))
        """);
}
