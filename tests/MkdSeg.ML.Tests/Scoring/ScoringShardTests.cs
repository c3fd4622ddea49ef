using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;

namespace MkdSeg.ML.Tests.Scoring;

/// <summary>Parts of a folder, scored apart and joined; and processes that meet in one output folder.</summary>
public class ScoringShardTests
{
    private static readonly ScoringOptions OneThread = new() { Inference = new() { Device = "cpu", Threads = 1 } };
    private readonly TemporaryFolder _folder = new();
    private ModelBundle _bundle = null!;

    [OneTimeSetUp]
    public void MakeCases()
    {
        _bundle = TestNetworks.WriteBundle(_folder["bundle"]);
        Directory.CreateDirectory(_folder["in"]);
        for (var i = 0; i < 5; i++)
        {
            VolumeFile.Write(
                TestVolumes.Image(TestVolumes.Grid(new(30, 30, 10 + i), new(4, 4, 8))), _folder[$"in/ct_{i}.nii.gz"]);
        }
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Parts_are_joined_to_what_one_run_gives()
    {
        var whole = Score("whole");
        Assert.That(() => ResultsMerger.Merge(_folder["whole"]), Throws.TypeOf<UserErrorException>()
            .With.Message.Contains("no partial results"));
        Score("parts", new(2, 2));
        Assert.That(() => ResultsMerger.Merge(_folder["parts"]), Throws.TypeOf<UserErrorException>()
            .With.Message.Contains("for part 1 of 2").And.Message.Contains("score part 1/2 first"));
        Score("parts", new(1, 2));
        Assert.That(_folder["parts/results.csv"], Does.Not.Exist);

        var merged = ResultsMerger.Merge(_folder["parts"]);

        Assert.That(
            merged.Cases.Select(result => (result.Case.Name, result.Sha256)),
            Is.EqualTo(whole.Cases.Select(result => (result.Case.Name, result.Sha256))));
        Assert.That(merged.ExitCode, Is.Zero);
        Assert.That(
            File.ReadAllLines(_folder["parts/results.csv"]).Select(line => string.Join(',', line.Split(',')[..^7])),
            Is.EqualTo(File.ReadAllLines(_folder["whole/results.csv"]).Select(line => string.Join(',', line.Split(',')[..^7]))));
        for (var i = 0; i < 5; i++)
        {
            Assert.That(
                File.ReadAllBytes(_folder[$"parts/ct_{i}.nii.gz"]), Is.EqualTo(File.ReadAllBytes(_folder[$"whole/ct_{i}.nii.gz"])));
        }
    }

    [Test]
    public void Parts_of_other_numbers_or_other_settings_are_not_joined()
    {
        Score("mixed", new(1, 2));
        Score("mixed", new(2, 3));
        Assert.That(() => ResultsMerger.Merge(_folder["mixed"]), Throws.TypeOf<UserErrorException>()
            .With.Message.Contains("parts of 2 and of 3"));
        Score("different", new(1, 2));
        Score("different", new(2, 2), cleanUp: false);
        Assert.That(() => ResultsMerger.Merge(_folder["different"]), Throws.TypeOf<UserErrorException>()
            .With.Message.Contains("different models or settings"));
    }

    [TestCase(0, 2)]
    [TestCase(3, 2)]
    [TestCase(1, 0)]
    public void Parts_that_do_not_exist_are_refused(int index, int count) =>
        Assert.That(() => new ScoringShard(index, count), Throws.TypeOf<UserErrorException>());

    [Test]
    public void A_second_run_into_the_same_folder_is_refused_and_parts_are_not()
    {
        using var secondMayStart = new ManualResetEventSlim();
        using var firstMayGoOn = new ManualResetEventSlim();
        var first = Task.Run(() => new FolderScorer(_bundle, OneThread with { Shard = new(1, 2) }).Score(
            _folder["in"], _folder["shared"], new Relay(_ =>
            {
                secondMayStart.Set();
                firstMayGoOn.Wait(TimeSpan.FromSeconds(60));
            })));
        secondMayStart.Wait(TimeSpan.FromSeconds(60));
        Assert.Multiple(() =>
        {
            foreach (var shard in new ScoringShard?[] { null, new(1, 2), new(1, 3) })
            {
                Assert.That(() => Score("shared", shard), Throws.TypeOf<UserErrorException>()
                    .With.Message.Contains($"Process {Environment.ProcessId} on {Environment.MachineName} is writing to"));
            }

            Assert.That(Score("shared", new(2, 2)).OkCount, Is.EqualTo(2), "another part of the same number");
        });
        firstMayGoOn.Set();
        Assert.That(first.Result.OkCount, Is.EqualTo(3));
        Assert.That(Score("shared").KeptCount, Is.EqualTo(5), "afterwards the folder is free");
    }

    private ScoringSummary Score(string output, ScoringShard? shard = null, bool cleanUp = true) =>
        new FolderScorer(_bundle, OneThread with { Shard = shard, CleanUp = cleanUp }).Score(
            _folder["in"], _folder[output]);

    private sealed class Relay(Action<ScoringProgress> receiver) : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value) => receiver(value);
    }
}
