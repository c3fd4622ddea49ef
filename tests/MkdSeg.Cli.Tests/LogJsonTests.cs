using System.Text.Json;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>With --log-json, whatever a command says is a JSON object a line, and no line names a patient.</summary>
public class LogJsonTests
{
    private static readonly string Bundle = Repository.File("onnx/phantom-ct");
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Scoring_says_what_became_of_each_case_without_its_name()
    {
        var made = Lines(CommandLine.Run(
            "phantom", "--out", _folder["data"], "--ct-train", "0", "--mr-train", "0", "--ct-test", "1", "--log-json"));
        Assert.That(made.Any(line => State(line, "Task") == "Phantom"), Is.True);
        var patients = Directory.CreateDirectory(_folder["in", "Doe^Jane"]).FullName;
        File.Copy(_folder["data", "ct_test", "ct_test_2001_image.nii.gz"], Path.Combine(patients, "DoeJane.nii.gz"));
        File.WriteAllText(Path.Combine(patients, "RoeRichard.nii.gz"), "no volume");

        var run = CommandLine.Run(
            "--log-json", "score", _folder["in"], "--model", Bundle, "--out", _folder["out"], "--threads", "1");

        Assert.That(run.Exit, Is.EqualTo(2));
        Assert.That(run.Output, Does.Not.Contain("Doe").And.Not.Contain("Roe"));
        var lines = Lines(run);
        var cases = lines.Where(line => State(line, "Status") is not null).ToArray();
        Assert.That(cases.Select(line => State(line, "Status")), Is.EqualTo(new[] { "ok", "failed" }));
        Assert.That(cases.Select(line => line.GetProperty("LogLevel").GetString()), Is.EqualTo(new[] { "Information", "Error" }));
        Assert.That(State(cases[1], "Reason"), Does.Contain("is not a NIfTI file"));
        // The hash leads to the row that has the name.
        var row = File.ReadLines(_folder["out", "results.csv"])
            .Single(text => text.Contains("DoeJane", StringComparison.Ordinal));
        Assert.That(row, Does.Contain(State(cases[0], "Sha256")!));
        Assert.That(State(lines[^1], "ExitCode"), Is.EqualTo("2"));
    }

    [TestCase("There is no file or folder", 1, "score", "nowhere", "--model", "BUNDLE", "--out", "out")]
    [TestCase("unknown option '--modle', did you mean --model?", 1, "score", "x", "--modle", "y")]
    [TestCase("There is no file or folder", 1, "--trace", "score", "nowhere", "--model", "BUNDLE", "--out", "out")]
    public void An_error_is_a_line_with_its_sentence(string sentence, int exitCode, params string[] arguments)
    {
        var run = CommandLine.Run(["--log-json", .. arguments.Select(argument => argument == "BUNDLE" ? Bundle : argument)]);
        Assert.That(run.Exit, Is.EqualTo(exitCode));
        var lines = Lines(run);
        var error = lines.Single(line => line.GetProperty("LogLevel").GetString() == "Error");
        Assert.That(error.GetProperty("Message").GetString(), Does.StartWith(sentence));
        Assert.That(error.TryGetProperty("Exception", out _), Is.EqualTo(arguments[0] == "--trace"));
        Assert.That(State(lines[^1], "ExitCode"), Is.EqualTo($"{exitCode}"));
    }

    private static JsonElement[] Lines((int Exit, string Output, string Error) run)
    {
        Assert.That(run.Error, Is.Empty, "one stream, so that the order of lines is that of events");
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        foreach (var line in lines)
        {
            Assert.That(line.GetProperty("Timestamp").GetDateTime().Kind, Is.EqualTo(DateTimeKind.Utc));
            Assert.That(line.GetProperty("Message").GetString(), Is.Not.Empty);
            Assert.That(line.GetProperty("State").ToString(), Does.Not.Contain("System."), "types of .NET tell nobody anything");
        }

        return lines;
    }

    private static string? State(JsonElement line, string name) =>
        line.GetProperty("State").TryGetProperty(name, out var value) ? value.ToString() : null;
}
