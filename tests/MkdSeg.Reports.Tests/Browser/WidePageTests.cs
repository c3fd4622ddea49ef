using MkdSeg.Datasets;
using MkdSeg.Reports.Page;
using MkdSeg.TestKit;

namespace MkdSeg.Reports.Tests.Browser;

/// <summary>A page with the seven structures of the heart, long names and an outlier, in headless Chromium.</summary>
public class WidePageTests
{
    private const string LongName = "a_hospital_with_a_long_name_patient_0123456789_series_12_image";
    private static readonly string[] Predictions = ["Without translation", "S_syn", "S_real", "Ensemble"];

    // One value of a thousand times the others, in the middle of the first curve.
    private static readonly double[] Losses = [.. Enumerable.Range(0, 50).Select(i => i == 25 ? 2000.0 : 2 - (i / 49.0))];

    private readonly TestKit.TemporaryFolder _folder = new();
    private Chromium? _browser;

    [OneTimeSetUp]
    public async Task Open()
    {
        if (Chromium.Find() is null)
            Assert.Ignore("Chromium is not installed (Debian's package: chromium), so the page was not opened.");
        double[] dice = [.. Enumerable.Repeat(0.875, 7)];
        var model = new ReportModel
        {
            Title = "Wide",
            Made = DateTimeOffset.UnixEpoch,
            Labels = LabelSet.WholeHeart,
            Predictions = [.. Predictions.Select(name => new PredictionScores(name, [new(LongName, dice), new("b", dice)]))],
            Curves = new(
                1,
                [.. Enumerable.Range(1, 50).Select(i => (long)i)],
                [("all", 1)],
                [new("MYO", Losses), new("other", Losses)],
                50,
                null),
        };
        _folder.Write("page.html", ReportPage.Write(model, PageLibraries.Load()));
        _browser = await Chromium.StartAsync(1400, 900, TimeSpan.FromMinutes(1));
        await _browser.ResizeAsync(1400, 900);
        await _browser.OpenAsync(_folder["page.html"]);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Tables_fit_a_width_of_1400_pixels()
    {
        await _browser!.ResizeAsync(1400, 900);
        Assert.That(
            await Text("[...document.querySelectorAll('.scroll')].map(box => box.scrollWidth <= box.clientWidth).join()"),
            Is.EqualTo("true,true,true"));
    }

    [Test]
    public async Task On_a_phone_names_of_rows_stay_in_sight_beside_the_numbers()
    {
        await _browser!.ResizeAsync(390, 844, isPhone: true);

        // The table of cases: scrolled to its end, the name is at the left edge and the last number right of it.
        const string places = """
            (() => {
                const box = document.querySelector('#cases .scroll');
                box.scrollLeft = box.scrollWidth;
                const [edge, name, last] = [box, box.querySelector('tbody th'), box.querySelector('tbody td:last-child')]
                    .map(element => element.getBoundingClientRect());
                return [box.scrollLeft > 100, Math.abs(name.left - edge.left) < 1, name.right <= last.left,
                    last.right <= edge.right + 1, name.width < 160].join();
            })()
            """;
        Assert.That(await Text(places), Is.EqualTo("true,true,true,true,true"));
    }

    [Test]
    public async Task An_outlier_does_not_stretch_the_axis_and_curves_of_structures_have_their_colours()
    {
        Assert.That(
            await Text("(({min, max}) => [min > 0.9, max < 2.2].join())(Chart.getChart('curves-chart-0').scales.y)"),
            Is.EqualTo("true,true"));
        Assert.That(
            await Text("document.querySelector('#curves figcaption').textContent"), Does.Contain("2 outliers lie outside"));
        Assert.That(
            await Text("Chart.getChart('curves-chart-0').data.datasets[0].borderColor"),
            Is.EqualTo(LabelSet.WholeHeart.Structures.Single(structure => structure.Name == "MYO").Color));
    }

    private async Task<string> Text(string expression) => (await _browser!.EvaluateAsync(expression))!.GetValue<string>();
}
