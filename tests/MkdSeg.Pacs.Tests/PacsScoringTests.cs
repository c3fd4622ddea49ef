using MkdSeg.IO.Dicom;
using MkdSeg.ML.Scoring;
using MkdSeg.Pacs.Dicomweb;
using MkdSeg.Pacs.Scoring;

namespace MkdSeg.Pacs.Tests;

/// <summary>Series that are fetched, scored and sent back, and what is left when that ends early.</summary>
public class PacsScoringTests
{
    private readonly List<string> _said = [];
    private TemporaryFolder _folder = null!;
    private FakePacs _pacs = null!;
    private FakePacs _archive = null!;

    [SetUp]
    public async Task Start()
    {
        (_folder, _pacs, _archive) = (new(), await FakePacs.StartAsync(), await FakePacs.StartAsync());
        _said.Clear();
        _pacs.Add(Scans.Ct("1.2.3"));
        _pacs.Add(Scans.Ct("1.2.4"));
        _pacs.Add(new DicomSlice { SeriesUid = "1.2.5", Modality = "SEG" });
    }

    [TearDown]
    public async Task Stop()
    {
        await _pacs.DisposeAsync();
        await _archive.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Each_series_is_fetched_scored_and_sent_once()
    {
        var first = await RunAsync();
        Assert.That(first.Scoring.WrittenCount, Is.EqualTo(2));
        Assert.That(first.Problems, Is.Empty);
        Assert.That(_said.Single(), Does.Contain("(1.2.5) has modality SEG, but the model expects CT; skipped."));
        AssertStored();
        Assert.That(Directory.EnumerateFiles(_folder["out", "dicom"], "*", SearchOption.AllDirectories), Is.Empty);
        // Balls are no hearts, and archives show no table beside their objects.
        Assert.That(first.Scoring.DoubtfulCount, Is.EqualTo(2));
        var seg = Directory.GetFiles(_folder["out"], "*.seg.dcm")[0];
        Assert.That(Scans.Text(seg, DicomTag.SeriesDescription), Is.EqualTo("DOUBTFUL: Heart by phantom-ct"));

        var requests = _pacs.Requests.Count;
        var second = await RunAsync();
        Assert.That((second.Scoring.KeptCount, second.SentCount, second.Problems.Count), Is.EqualTo((2, 0, 0)));
        Assert.That(_archive.Requests, Has.Count.EqualTo(2));
        Assert.That(
            _pacs.Requests.Skip(requests).Select(request => request.Split('/')[^1]),
            Is.All.EqualTo("series").Or.EqualTo("instances"));
        Assert.That(CsvTable.Load(_folder["out", "results.csv"]).Rows, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_series_that_grew_on_the_server_is_scored_again()
    {
        await RunAsync();
        var added = Scans.Ct("1.2.4")[^1];
        _pacs.Add(added with { SopUid = "1.2.4.99", Position = [added.Position![0], added.Position[1], added.Position[2] + 4] });
        var second = await RunAsync();
        Assert.That((second.Scoring.WrittenCount, second.Scoring.KeptCount, second.SentCount), Is.EqualTo((2, 1, 1)));
    }

    [Test]
    public async Task What_a_run_that_was_killed_has_sent_is_asked_for()
    {
        await RunAsync();
        // The last that it wrote was that a request began.
        foreach (var file in Directory.GetFiles(_folder["out", ".mkdseg", "series"], "*.json"))
        {
            var record = StrictJson.Load<SeriesRecord>(file);
            StrictJson.Save(file, record with { Deliveries = [record.Deliveries.Single() with { Sent = [], IsUnclear = true }] });
        }

        _archive.Instances.TryRemove(_archive.Instances.Keys.First(), out _);
        var second = await RunAsync();
        Assert.That(second.Problems, Is.Empty);
        Assert.That(_archive.Count("POST"), Is.EqualTo(3), "two, and the one that was lost");
        AssertStored();
    }

    [Test]
    public async Task A_server_that_takes_nothing_is_asked_twice_and_named_once()
    {
        _archive.Trouble = (context, _) =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(true);
        };
        var summary = await RunAsync();
        Assert.That(summary.Scoring.WrittenCount, Is.EqualTo(2));
        Assert.That(summary.Problems.Single(), Does.StartWith("The results of 2 series were not sent.").And.Contain("403"));
        Assert.That(_archive.Requests, Has.Count.LessThanOrEqualTo(4));

        _archive.Trouble = (_, _) => Task.FromResult(false);
        Assert.That((await RunAsync()).SentCount, Is.EqualTo(2));
        AssertStored();
    }

    [Test]
    public async Task A_source_that_goes_away_leaves_the_rest_for_the_next_run()
    {
        _pacs.Trouble = (context, _) =>
        {
            var isBroken = context.Request.Path.Value!.Contains("1.2.4", StringComparison.Ordinal);
            if (isBroken)
                context.Response.StatusCode = 500;
            return Task.FromResult(isBroken);
        };
        var summary = await RunAsync();
        Assert.That((summary.Scoring.WrittenCount, summary.Scoring.RemainingCount, summary.SentCount), Is.EqualTo((1, 1, 1)));
        Assert.That(summary.Problems.Single(), Does.Contain("500 Internal Server Error"));
    }

    [Test]
    public async Task A_series_that_cannot_be_fetched_is_told_and_the_others_are_scored()
    {
        _pacs.Trouble = (context, _) =>
        {
            var isRefused = context.Request.Path.Value!.EndsWith("1.2.3/instances", StringComparison.Ordinal);
            if (isRefused)
                context.Response.StatusCode = 400;
            return Task.FromResult(isRefused);
        };
        var summary = await RunAsync();
        Assert.That((summary.Scoring.WrittenCount, summary.Scoring.RemainingCount), Is.EqualTo((1, 0)));
        Assert.That(summary.Problems.Single(), Does.StartWith("The images of series 1.2.3 cannot be listed"));
    }

    [Test]
    public async Task A_series_during_which_the_program_ended_again_and_again_is_left_alone()
    {
        await RunAsync();
        var file = _folder["out", ".mkdseg", "series", "1.2.4.json"];
        var record = StrictJson.Load<SeriesRecord>(file);
        StrictJson.Save(file, record with { Results = [], Attempts = 3 });
        var summary = await RunAsync();
        Assert.That((summary.Scoring.KeptCount, summary.Scoring.FailedCount), Is.EqualTo((1, 1)));
        Assert.That(summary.Scoring.Cases[^1].Reason, Does.Contain("ended 3 times while working on Series 'Thorax' (1.2.4)"));
        Assert.That((await RunAsync()).Scoring.FailedCount, Is.Zero, "the next start tries again");
    }

    [Test]
    public async Task What_stops_a_run_leaves_nothing_that_counts_as_done()
    {
        using var stop = new CancellationTokenSource();
        var summary = await RunAsync(new DirectProgress<WorkEvent>(progress =>
        {
            if (progress is WorkProgress { Detail: var detail } && detail.EndsWith("segment", StringComparison.Ordinal))
                stop.Cancel();
        }), cancellation: stop.Token);
        var scoring = summary.Scoring;
        Assert.That((scoring.IsCancelled, scoring.WrittenCount, scoring.RemainingCount), Is.EqualTo((true, 0, 2)));
        Assert.That((await RunAsync()).SentCount, Is.EqualTo(2));
    }

    [Test]
    public void Nothing_of_the_modality_is_a_sentence() =>
        Assert.That(
            async () => await RunAsync(series: "1.2.5"),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(
                "has no matching series of modality CT (1 of other modalities)"));

    private async Task<PacsSummary> RunAsync(
        IProgress<WorkEvent>? progress = null, string? series = null, CancellationToken cancellation = default)
    {
        using var source = ClientOf(_pacs);
        using var store = ClientOf(_archive);
        using var ledger = new SeriesLedger(_folder["out"]);
        var scoring = new PacsScoring(source, new(Scans.Scorer, ledger), ledger, new(store, ledger), keepsSeries: false);
        return await scoring.RunAsync(
            new() { StudyUids = ["1.2"], SeriesUid = series },
            progress ?? new DirectProgress<WorkEvent>(value =>
            {
                if (value is WorkInfo info)
                    _said.Add(info.Message);
            }),
            cancellation);
    }

    private static DicomwebClient ClientOf(FakePacs pacs) => new(
        pacs.Options with { Patience = TimeSpan.FromMilliseconds(300), IdleLimit = TimeSpan.FromSeconds(20) }, _ => { });

    private void AssertStored()
    {
        var files = Directory.GetFiles(_folder["out"], "*.seg.dcm")
            .ToDictionary(file => Scans.Text(file, DicomTag.SopInstance), File.ReadAllBytes);
        Assert.That(files, Has.Count.EqualTo(2));
        Assert.That(_archive.Instances.Keys, Is.EquivalentTo(files.Keys));
        foreach (var (uid, bytes) in files)
            Assert.That(_archive.Instances[uid].Bytes, Is.EqualTo(bytes));
    }
}
