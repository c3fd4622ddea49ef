using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>What deploy/ holds, as far as it can be checked without systemd, an engine for containers or a cluster.</summary>
[SupportedOSPlatform("linux")]
public partial class DeploymentTests
{
    // systemd's own measure, 0 to 100; a service without any of it has 96.
    private const int MostExposure = 15;
    private static readonly string[] Texts =
        ["deploy/mkdseg.service", "deploy/Dockerfile", "deploy/kubernetes-job.yaml", "docs/operation.md", "docs/hospital.md"];
    private static readonly Dictionary<string, HashSet<string>> Known = [];

    [Test]
    public void The_unit_is_valid_and_hardened()
    {
        using var folder = new TemporaryFolder();
        var program = folder.Write("program", "#!/bin/sh\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        // The program has to be there; all else stays.
        var text = File.ReadAllText(Repository.File("deploy/mkdseg.service"));
        var unit = folder.Write("mkdseg.service", text.Replace("/opt/mkdseg/mkdseg ", program + " ", StringComparison.Ordinal));
        var (exit, said) = Analyze("verify", unit);
        Assert.That(exit, Is.Zero, said);
        Assert.That(said, Is.Empty, "warnings");
        (exit, said) = Analyze("security", "--offline=true", $"--threshold={MostExposure}", "--no-pager", unit);
        Assert.That(exit, Is.Zero, said);
    }

    [TestCaseSource(nameof(Texts))]
    public void Command_lines_name_options_that_there_are(string file)
    {
        var calls = Call().Matches(File.ReadAllText(Repository.File(file)));
        Assert.That(calls, Is.Not.Empty);
        foreach (var call in calls.AsEnumerable())
        {
            var options = OptionName().Matches(call.Groups["rest"].Value).Select(option => option.Value);
            Assert.That(OptionsOf(call.Groups["verb"].Value), Is.SupersetOf(options), call.Value);
        }
    }

    [Test]
    public void The_job_has_an_index_for_each_part()
    {
        var text = File.ReadAllText(Repository.File("deploy/kubernetes-job.yaml"));
        var completions = Regex.Match(text, @"completions: (\d+)").Groups[1].Value;
        Assert.That(text, Does.Contain("completionMode: Indexed").And.Contain($"parallelism: {completions}\n"));
        Assert.That(Regex.Match(text, "name: PARTS\\s+value: \"(\\d+)\"").Groups[1].Value, Is.EqualTo(completions));
        // The shell of the image makes 1/8 to 8/8 of it, as --shard counts.
        var shard = Regex.Match(text, "--shard (\"\\S+ \\+ 1\\)\\)/\\$PARTS\")").Groups[1].Value;
        string[] parts =
        [
            .. Enumerable.Range(0, int.Parse(completions)).Select(index => Shell(
                $"JOB_COMPLETION_INDEX={index} PARTS={completions}; echo {shard}").Trim()),
        ];
        Assert.That(parts, Is.EqualTo(Enumerable.Range(1, 8).Select(part => $"{part}/8")));
    }

    [Test]
    public void The_image_copies_what_there_is()
    {
        var text = File.ReadAllText(Repository.File("deploy/Dockerfile"));
        var copied = Regex.Matches(text, @"^COPY (?!--from)(\S+) ", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value).ToArray();
        Assert.That(copied, Is.Not.Empty);
        Assert.That(copied.Where(path => !Path.Exists(Repository.File(path))), Is.Empty);
    }

    private static HashSet<string> OptionsOf(string verb)
    {
        if (!Known.TryGetValue(verb, out var options))
        {
            var help = CommandLine.RunWell(verb, "--help");
            Known.Add(verb, options = [.. OptionName().Matches(help).Select(option => option.Value)]);
        }

        return options;
    }

    private static (int Exit, string Said) Analyze(params string[] arguments)
    {
        try
        {
            return Run("systemd-analyze", arguments);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("systemd-analyze is not installed (Debian's package: systemd), so the unit was not checked.");
            throw;
        }
    }

    private static string Shell(string line) => Run("sh", "-c", line).Said;

    private static (int Exit, string Said) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    // In a shell, in a list of words, or in lines that begin with further options.
    [GeneratedRegex("(?:mkdseg |MkdSeg.Cli.dll |CMD \\[\"|args: \\[)(?<verb>serve|score|watch|merge-results)\\b"
        + "(?<rest>[^\n`]*(?:\n\\s+\"?--[^\n`]*)*)")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+")]
    private static partial Regex OptionName();
}
