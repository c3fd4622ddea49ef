using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>What goes wrong is one sentence on standard error and an exit code; there is no stack trace.</summary>
public class ErrorTests
{
    [TestCase("info", "nowhere.nii.gz")]
    [TestCase("train", "--data", "nowhere.json", "--out", "run")]
    [TestCase("score", "nowhere", "--model", "nowhere", "--out", "masks")]
    [TestCase("merge-results", "nowhere")]
    [TestCase("evaluate", "--truth", "nowhere", "--prediction", "nowhere")]
    [TestCase("picture", "nowhere.nii.gz", "--out", "picture.png")]
    public void Missing_input_is_named(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var (exit, _, error) = CommandLine.Run(
            [.. arguments.Select(argument => argument.StartsWith("nowhere", StringComparison.Ordinal) ? folder[argument] : argument)]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("mkdseg: ").And.Contain("nowhere").And.Not.Contain("   at "));
    }

    [Test]
    public void Trace_shows_the_stack_when_asked_for()
    {
        var (exit, _, error) = CommandLine.Run("--trace", "info", "/nowhere.nii.gz");
        Assert.That(exit, Is.Not.Zero);
        Assert.That(error, Does.Contain("   at "));
    }

    [Test]
    public void An_unknown_preset_is_answered_with_the_known_ones()
    {
        using var folder = new TemporaryFolder();
        CommandLine.RunWell("phantom", "--out", folder["data"], "--ct-train", "1", "--mr-train", "0", "--ct-test", "0");
        var (exit, _, error) = CommandLine.Run(
            "train", "--data", folder["data", "dataset.json"], "--out", folder["run"], "--preset", "fantom");
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("fantom").And.Contain("phantom"));
    }

    [TestCase("scroe", "unknown command 'scroe', did you mean score?")]
    [TestCase("info --frm x", "unknown option '--frm'")]
    [TestCase("train --sed 1 --out x", "unknown option '--sed', did you mean --seed?")]
    [TestCase("train --seed abc --out x", "'abc' is not a valid value for --seed: a whole number is expected")]
    [TestCase("score ct", "--")]
    public void A_typo_is_answered_in_one_line(string line, string answer)
    {
        var (exit, output, error) = CommandLine.Run(line.Split(' '));
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(error.Trim(), Does.StartWith("mkdseg: ").And.Contain(answer).And.Not.Contain('\n').And.Not.Contain("System."));
    }

    [Test]
    public void Help_calls_the_program_as_users_do() =>
        Assert.That(CommandLine.RunWell("--help"), Does.Contain("mkdseg [command]").And.Not.Contain("MkdSeg.Cli"));

    [TestCase("phantom")]
    [TestCase("methods")]
    [TestCase("train")]
    [TestCase("score")]
    [TestCase("merge-results")]
    [TestCase("evaluate")]
    [TestCase("info")]
    [TestCase("picture")]
    [TestCase("experiment")]
    public void Help_has_an_example(string verb) =>
        Assert.That(CommandLine.RunWell(verb, "--help"), Does.Contain($"Example: mkdseg {verb}"));
}
