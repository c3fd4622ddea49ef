using System.Collections.Concurrent;
using System.Diagnostics;
using MkdSeg.Pacs.Dicomweb;
using MkdSeg.Pacs.Scoring;
using MkdSeg.Pacs.Watching;

namespace MkdSeg.Pacs.Tests;

/// <summary>Series that arrive file by file in a folder.</summary>
public class FolderWatchTests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.6);
    private readonly ConcurrentQueue<string> _said = [];
    private TemporaryFolder _folder = null!;
    private FakePacs _archive = null!;

    [SetUp]
    public async Task Start()
    {
        (_folder, _archive) = (new(), await FakePacs.StartAsync());
        _said.Clear();
        Directory.CreateDirectory(_folder["in"]);
    }

    [TearDown]
    public async Task Stop()
    {
        await _archive.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task A_series_is_scored_when_it_is_complete_once_and_sent_once()
    {
        await WatchAsync(async () =>
        {
            // Longer in coming than the time of quiet; the last file in two pieces.
            var slices = Scans.Ct("1.2.3");
            foreach (var slice in slices.SkipLast(1))
            {
                slice.Write(_folder["in", "study", $"CT.{slice.SopUid}"]);
                await Task.Delay(Quiet / 8);
            }

            var last = slices[^1].ToBytes();
            await File.WriteAllBytesAsync(_folder["in", "study", "last"], last[..(last.Length / 2)]);
            await Task.Delay(Quiet / 2);
            await File.WriteAllBytesAsync(_folder["in", "study", "last"], last);
            await File.WriteAllTextAsync(_folder["in", "notes"], new string('x', 200));
            await SaidAsync("1 object sent");
        });
        Assert.That(Lines("24 images").Concat(Lines("doubtful")).Count(), Is.EqualTo(1), string.Join('\n', _said));

        _said.Clear();
        await WatchAsync(async () =>
        {
            // The same files again, as when a study is sent twice.
            foreach (var slice in Scans.Ct("1.2.3"))
                slice.Write(_folder["in", "again", $"CT.{slice.SopUid}"]);
            await Task.Delay(4 * Quiet);
        });
        Assert.That(_said, Has.Count.EqualTo(1), string.Join('\n', _said));
        Assert.That(_archive.Count("POST"), Is.EqualTo(1));
    }

    [Test]
    public async Task Late_images_of_a_scored_series_are_warned_of_once()
    {
        foreach (var slice in Scans.Ct("1.2.3").SkipLast(4))
            slice.Write(_folder["in", $"CT.{slice.SopUid}"]);
        await WatchAsync(async () =>
        {
            await SaidAsync("1 object sent");
            foreach (var slice in Scans.Ct("1.2.3").TakeLast(4))
                slice.Write(_folder["in", $"CT.{slice.SopUid}"]);
            await SaidAsync("now has 24 images, but its mask was created from 20");
        });
        _said.Clear();
        await WatchAsync(() => Task.Delay(4 * Quiet));
        // Somebody tidies up.
        foreach (var file in Directory.GetFiles(_folder["in"]).Take(10))
            File.Delete(file);
        await WatchAsync(() => Task.Delay(4 * Quiet));
        Assert.That(_said, Is.All.EqualTo("Stopped; rerun the same command to resume."));
        Assert.That(_archive.Instances, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_series_that_failed_is_scored_when_the_rest_of_it_comes()
    {
        var slices = Scans.Ct("1.2.3");
        foreach (var slice in slices.Where((_, i) => i != 7))
            slice.Write(_folder["in", $"CT.{slice.SopUid}"]);
        await WatchAsync(async () =>
        {
            await SaidAsync("failed: ");
            await Task.Delay(3 * Quiet);
            slices[7].Write(_folder["in", "CT.7"]);
            await SaidAsync("1 object sent");
        });
        Assert.That(Lines("1 slice is missing").Count(), Is.EqualTo(1), "not again at each look");
    }

    [Test]
    public async Task What_is_no_scan_is_left_out_with_a_line()
    {
        new DicomSlice { SeriesUid = "1.2.9", Modality = "MR" }.Write(_folder["in", "mr"]);
        await WatchAsync(() => SaidAsync("has modality MR, but the model expects CT"));
        await WatchAsync(() => Task.Delay(3 * Quiet));
        Assert.That(Lines("modality MR").Count(), Is.EqualTo(1), "nor after a restart");
    }

    [Test]
    public async Task Results_that_could_not_be_sent_are_sent_by_the_next_process()
    {
        _archive.Trouble = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
        foreach (var slice in Scans.Ct("1.2.3"))
            slice.Write(_folder["in", $"CT.{slice.SopUid}"]);
        await WatchAsync(() => SaidAsync("cannot be stored: the server"));
        Assert.That(Lines("cannot be stored").Count(), Is.EqualTo(1), "not at each look");
        _archive.Trouble = (_, _) => Task.FromResult(false);
        await WatchAsync(() => SaidAsync("1 object sent"));
        Assert.That(_archive.Instances, Has.Count.EqualTo(1));
    }

    private IEnumerable<string> Lines(string part) => _said.Where(line => line.Contains(part, StringComparison.Ordinal));

    private async Task SaidAsync(string part)
    {
        var watch = Stopwatch.StartNew();
        while (!Lines(part).Any())
        {
            Assert.That(watch.Elapsed.TotalMinutes, Is.LessThan(2), () => $"'{part}' is not said:\n{string.Join('\n', _said)}");
            await Task.Delay(20);
        }
    }

    private async Task WatchAsync(Func<Task> meanwhile)
    {
        using var client = new DicomwebClient(
            _archive.Options with { Patience = TimeSpan.FromMilliseconds(200), IdleLimit = TimeSpan.FromSeconds(20) }, _ => { });
        using var ledger = new SeriesLedger(_folder["out"]);
        using var stop = new CancellationTokenSource();
        var watch = new FolderWatch(
            _folder["in"], Quiet, new(Scans.Scorer, ledger), ledger, new(client, ledger), _said.Enqueue);
        var running = Task.Run(() => watch.RunAsync(stop.Token));
        try
        {
            await Task.WhenAny(meanwhile(), running).Unwrap();
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }
}
