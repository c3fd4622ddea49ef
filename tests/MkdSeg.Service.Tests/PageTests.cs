using System.Text.Json;

namespace MkdSeg.Service.Tests;

/// <summary>The page in headless Chromium: drop a scan, follow it, look at it, download.</summary>
[NonParallelizable]
public class PageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // Draws and, in the same breath, counts the pixels that have a colour: greys are the scan's.
    private const string ColouredPixels = """
        (() => {
            const viewer = servicePage.viewer;
            viewer.drawScene();
            const gl = viewer.gl;
            const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
            gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
            let count = 0;
            for (let i = 0; i < pixels.length; i += 4) {
                count += Math.max(pixels[i], pixels[i + 1], pixels[i + 2]) - Math.min(pixels[i], pixels[i + 1], pixels[i + 2]) > 40 ? 1 : 0;
            }
            return count;
        })()
        """;

    private TemporaryFolder _folder = null!;
    private RunningService _service = null!;
    private Chromium? _browser;

    [OneTimeSetUp]
    public async Task Open()
    {
        if (Chromium.Find() is null)
            Assert.Ignore("Chromium is not installed (Debian's package: chromium), so the page was not opened.");
        _folder = new();
        _service = await RunningService.StartAsync(_folder["jobs"]);
        _browser = await Chromium.StartAsync(1200, 900, Patience);
        await _browser.ResizeAsync(1200, 900);
        await _browser.OpenAsync(_service.Address.AbsoluteUri);
        await _browser.UntilAsync("window.servicePage", Patience);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        if (_service is not null)
            await _service.DisposeAsync();
        _folder?.Dispose();
    }

    [Test]
    public async Task A_dropped_scan_is_segmented_shown_and_downloaded()
    {
        var browser = _browser!;
        await browser.EvaluateAsync($$"""
            (() => {
                const bytes = Uint8Array.from(atob('{{Convert.ToBase64String(PhantomScan.Nifti)}}'), c => c.charCodeAt(0));
                const dropped = new DataTransfer();
                dropped.items.add(new File([bytes], 'ct.nii.gz'));
                document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }));
            })()
            """);
        await browser.UntilAsync("document.querySelector('#jobs li progress')", Patience);
        await browser.UntilAsync("['shown', 'failed'].includes(document.getElementById('viewer').dataset.state)", Patience);
        Assert.That(await Text("document.getElementById('viewer').dataset.state"), Is.EqualTo("shown"), await Text("document.body.innerText"));

        // What is measured is what the service says, in the model's order.
        var expected = PhantomScan.Scored.Cases.Single();
        Assert.That(
            JsonSerializer.Deserialize<string[]>(await Text(
                "JSON.stringify([...document.querySelectorAll('#structures tr')].map(row => row.children[1].textContent.replace('≥ ', '')))"))!,
            Is.EqualTo(expected.VolumesMl.Select(ml => ml.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.That(await Text("document.getElementById('status').textContent"), Is.EqualTo(expected.Status.ToString().ToLowerInvariant()));

        var all = await Number(ColouredPixels);
        Assert.That(all, Is.GreaterThan(500), "the mask is drawn");
        await browser.EvaluateAsync("document.querySelector('input.structure').click()");
        var fewer = await Number(ColouredPixels);
        Assert.That(fewer, Is.LessThan(all), "one structure is off");
        await browser.EvaluateAsync("[...document.querySelectorAll('input.structure')].slice(1).forEach(box => box.click())");
        Assert.That(await Number(ColouredPixels), Is.LessThan(all / 10), "all structures are off");

        // The blob behind the link that the button makes.
        var downloaded = Convert.FromBase64String(await Text("""
            new Promise((done, fail) => {
                HTMLAnchorElement.prototype.click = function () {
                    fetch(this.href).then(answer => answer.arrayBuffer()).then(bytes => {
                        let text = '';
                        new Uint8Array(bytes).forEach(byte => { text += String.fromCharCode(byte); });
                        done(btoa(text));
                    }).catch(fail);
                };
                document.querySelector('[data-format="nifti"]').click();
            })
            """));
        Assert.That(downloaded, Is.EqualTo(await File.ReadAllBytesAsync(Path.Combine(PhantomScan.ScoredFolder, "volume.nii.gz"))));

        await browser.ResizeAsync(360, 740, isPhone: true);
        Assert.That(await Number("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360), "a phone need not scroll sideways");
        Assert.That(
            await Number("[...document.querySelectorAll('button, input, select')].filter(e => !e.hidden && e.tabIndex < 0).length"),
            Is.Zero,
            "the keyboard reaches everything");
        Assert.That(browser.Complaints, Is.Empty);
    }

    private async Task<string> Text(string expression) => (await _browser!.EvaluateAsync(expression))!.GetValue<string>();

    private async Task<double> Number(string expression) => (await _browser!.EvaluateAsync(expression))!.GetValue<double>();
}
