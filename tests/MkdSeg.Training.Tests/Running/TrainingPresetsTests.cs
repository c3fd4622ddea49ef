using MkdSeg.Common;
using MkdSeg.TestKit;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

public class TrainingPresetsTests
{
    [Test]
    public void A_file_changes_what_it_names_and_nothing_else()
    {
        var options = Load("""
            {
              "preset": "phantom",
              "iterations": 77, // comments and trailing commas are allowed
              "mkd": { "lambdaCycle": 5 },
              "segmentor": { "filters": [8, 16, 32, 64] },
            }
            """);
        Assert.That(JsonDifferences.Between(TrainingPresets.Phantom, options), Is.EqualTo(new[]
        {
            "iterations: 1000 before, 77 now",
            "segmentor.filters: [16,32,64,128] before, [8,16,32,64] now",
            "mkd.lambdaCycle: 10 before, 5 now",
        }));
    }

    [Test]
    public void The_preset_of_the_caller_comes_before_the_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.json"], """{ "preset": "phantom", "batchSize": 3 }""");
        Assert.Multiple(() =>
        {
            Assert.That(Changes("paper", TrainingPresets.Paper), Is.EqualTo(new[] { "batchSize: 1 before, 3 now" }));
            Assert.That(Changes(null, TrainingPresets.Phantom), Is.EqualTo(new[] { "batchSize: 2 before, 3 now" }));
        });

        IReadOnlyList<string> Changes(string? preset, TrainingOptions expected) =>
            JsonDifferences.Between(expected, TrainingPresets.Load(folder["a.json"], preset));
    }

    [Test]
    public void A_file_without_a_preset_changes_what_the_caller_starts_from()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.json"], """{ "batchSize": 3 }""");
        var start = TrainingPresets.Clinical with { Iterations = 400 };
        Assert.That(
            JsonDifferences.Between(start, TrainingPresets.Load(folder["a.json"], start: () => start)),
            Is.EqualTo(new[] { "batchSize: 2 before, 3 now" }));
        File.WriteAllText(folder["a.json"], """{ "preset": "paper", "batchSize": 3 }""");
        Func<TrainingOptions> unasked = () => throw new AssertionException("a preset is named");
        Assert.That(
            JsonDifferences.Between(TrainingPresets.Paper, TrainingPresets.Load(folder["a.json"], start: unasked)),
            Is.EqualTo(new[] { "batchSize: 1 before, 3 now" }));
    }

    [TestCase("""{ "iteration": 5 }""", "'iteration'; did you mean 'iterations'")]
    [TestCase("""{ "mkd": { "lamdaCycle": 5 } }""", "'mkd.lamdaCycle'; did you mean 'lambdaCycle'")]
    [TestCase("""{ "iterations": "many" }""", "$.iterations")]
    [TestCase("""{ "preset": "phantm" }""", "There is no preset 'phantm'")]
    [TestCase("""{ "preset": 3 }""", "'preset' must be a name")]
    [TestCase("""{ "iterations": 5""", "line 1")]
    public void Mistakes_are_named(string json, string expected) =>
        Assert.That(
            () => Load(json), Throws.TypeOf<UserErrorException>().With.Message.Contains(expected));

    private static TrainingOptions Load(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["options.json"], json);
        return TrainingPresets.Load(folder["options.json"]);
    }
}
