using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>
/// The job array under a Slurm that runs on this machine alone; <c>dotnet cake --target=TestSlurm</c> starts one.
/// </summary>
[SupportedOSPlatform("linux")]
public class SlurmTests
{
    private static readonly string Bundle = Repository.File("onnx/phantom-ct");
    private readonly TemporaryFolder _folder = new();
    private string _program = "";

    [OneTimeSetUp]
    public void RequireSlurm()
    {
        // A controller that does not answer is waited for long otherwise.
        var (exit, nodes, error) = Run("timeout", "10", "sinfo", "--noheader", "--Node", "--format=%n");
        if (exit != 0)
            Assert.Ignore($"Slurm does not answer ({error.Trim()}); `dotnet cake --target=TestSlurm` starts one.");
        var host = Environment.MachineName.Split('.')[0];
        if (nodes.Trim() != host)
            Assert.Ignore($"Slurm has other nodes than {host}, which do not see this test's temporary folder.");

        CommandLine.RunWell(
            "phantom", "--out", _folder["data"], "--ct-train", "0", "--mr-train", "0", "--ct-test", "1");
        Directory.CreateDirectory(_folder["in"]);
        foreach (var name in new[] { "a", "b", "c" })
            File.Copy(_folder["data", "ct_test", "ct_test_2001_image.nii.gz"], _folder["in", $"{name}.nii.gz"]);
        _program = _folder.Write(
            "mkdseg", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll")}' \"$@\"\n");
        File.SetUnixFileMode(_program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void An_array_and_the_job_that_joins_it_do_what_one_run_does()
    {
        CommandLine.RunWell("score", _folder["in"], "--model", Bundle, "--out", _folder["one"], "--threads", "1");

        var array = Submit(["--parsable", "--array=1-2"], _folder["in"], Bundle, _folder["array"]);
        Assert.That(array.Exit, Is.Zero, array.Text);
        // afterok and not afterany: tasks that fail are this test's failure, and it need not wait for what cannot come.
        var merge = Submit(
            ["--wait", "--kill-on-invalid-dep=yes", $"--dependency=afterok:{array.Text.Trim()}"],
            "--merge",
            _folder["array"]);

        Assert.That(merge.Exit, Is.Zero, () => merge.Text + Logs());
        AssertSameResults();

        // A part that was lost is submitted alone and told of how many it is one.
        File.Delete(_folder["array", "results.part-2-of-2.json"]);
        File.Delete(_folder["array", "b.nii.gz"]);
        var without = Submit(["--wait"], "--merge", _folder["array"]);
        Assert.That(without.Exit, Is.EqualTo(1), () => without.Text + Logs());
        Assert.That(Logs(), Does.Contain("for part 2 of 2"));
        var again = Submit(["--wait", "--array=2", "--export=ALL,PARTS=2"], _folder["in"], Bundle, _folder["array"]);
        Assert.That(again.Exit, Is.Zero, () => again.Text + Logs());
        Assert.That(Submit(["--wait"], "--merge", _folder["array"]).Exit, Is.Zero, Logs);
        AssertSameResults();
    }

    private void AssertSameResults()
    {
        foreach (var name in new[] { "a.nii.gz", "b.nii.gz", "c.nii.gz" })
        {
            Assert.That(
                File.ReadAllBytes(_folder["array", name]), Is.EqualTo(File.ReadAllBytes(_folder["one", name])), name);
        }

        Assert.That(WithoutSeconds("array"), Is.EqualTo(WithoutSeconds("one")));
    }

    // The rows of a folder's results but for the stages' times, which are the last columns.
    private string[][] WithoutSeconds(string folder)
    {
        var rows = File.ReadAllLines(_folder[folder, "results.csv"]).Select(line => line.Split(',')).ToArray();
        var times = rows[0].Count(column => column.EndsWith("_s", StringComparison.Ordinal));
        Assert.That(times, Is.EqualTo(7));
        return [.. rows.Select(row => row[..^times])];
    }

    // One core and 2 GB, so that any machine has room for a task.
    private (int Exit, string Text) Submit(string[] options, params string[] arguments)
    {
        var (exit, output, error) = Run(
            "timeout",
            [
                "300", "sbatch", "--cpus-per-task=1", "--mem=2G", $"--output={_folder["log-%A-%a.txt"]}", .. options,
                Repository.File("scripts/score-array.sh"), .. arguments,
            ]);
        return (exit, output + error);
    }

    private string Logs() => string.Concat(
        Directory.EnumerateFiles(_folder.Path, "log-*.txt").Order()
            .Select(log => $"\n{log}:\n{File.ReadAllText(log)}"));

    private (int Exit, string Output, string Error) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MKDSEG"] = _program;
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (Win32Exception problem)
        {
            return (127, "", problem.Message);
        }
    }
}
