using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>What a folder's scoring promises to somebody at a terminal: exit codes, and that no work is lost.</summary>
public class ScoringTests
{
    private static readonly string Bundle = Repository.File("onnx/phantom-ct");
    private readonly TemporaryFolder _folder = new();

    [OneTimeSetUp]
    public void MakeVolumes()
    {
        CommandLine.RunWell(
            "phantom", "--out", _folder["data"], "--ct-train", "0", "--mr-train", "0", "--ct-test", "1");
        // Copies under other names are cases of their own.
        var image = _folder["data", "ct_test", "ct_test_2001_image.nii.gz"];
        Directory.CreateDirectory(_folder["in"]);
        foreach (var name in new[] { "a", "b", "c" })
            File.Copy(image, _folder["in", $"{name}.nii.gz"]);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_run_that_was_killed_goes_on_and_ends_as_if_it_had_not_been()
    {
        using (var process = Start("killed"))
        {
            while (!File.Exists(_folder["killed", "a.nii.gz"]) && !process.HasExited)
                Thread.Sleep(5);
            process.Kill();
            process.WaitForExit();
        }

        Assert.That(_folder["killed", "c.nii.gz"], Does.Not.Exist, "it was killed in the middle");

        var (exit, output, error) = Score("killed");

        Assert.That(exit, Is.Zero, error);
        Assert.That(output, Does.Contain("3 volumes labelled"));
        Assert.That(Score("whole").Exit, Is.Zero);
        foreach (var name in new[] { "a.nii.gz", "b.nii.gz", "c.nii.gz" })
        {
            Assert.That(
                File.ReadAllBytes(_folder["killed", name]), Is.EqualTo(File.ReadAllBytes(_folder["whole", name])), name);
        }

        Assert.That(
            Directory.EnumerateFiles(_folder["killed"]).Select(Path.GetFileName),
            Is.EquivalentTo(Directory.EnumerateFiles(_folder["whole"]).Select(Path.GetFileName)), "nothing half is left");
        Assert.That(Score("whole").Output, Does.Contain("(3 of them earlier)"));
        var results = JsonNode.Parse(File.ReadAllText(_folder["whole", "results.json"]))!;
        Assert.Multiple(() =>
        {
            Assert.That((string)results["model"]!, Is.EqualTo("phantom-ct"));
            Assert.That((string)results["modelSha256"]!, Has.Length.EqualTo(64));
            Assert.That((string)results["device"]!, Is.EqualTo("cpu"));
            Assert.That((string)results["settings"]!["crop"]!, Is.EqualTo("located"));
            Assert.That((string)results["cases"]![0]!["structures"]![2]!["name"]!, Is.EqualTo("LV"));
            Assert.That((double)results["cases"]![0]!["structures"]![2]!["volumeMl"]!, Is.GreaterThan(20));
            Assert.That((double)results["cases"]![0]!["agreement"]!, Is.InRange(0.3, 1));
        });
    }

    [Test]
    public void Exit_code_1_where_no_volume_could_be_labelled()
    {
        Directory.CreateDirectory(_folder["bad"]);
        File.WriteAllText(_folder["bad", "x.nii.gz"], "no volume");
        var (exit, _, error) = CommandLine.Run("score", _folder["bad"], "--model", Bundle, "--out", _folder["bad-out"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.StartWith("mkdseg: x: ").And.Contain("x.nii.gz"));
    }

    [Test]
    public void An_output_folder_that_cannot_be_is_named_before_any_work()
    {
        File.WriteAllText(_folder["file"], "");
        var (exit, _, error) = CommandLine.Run(
            "score", _folder["in"], "--model", Bundle, "--out", _folder["file", "masks"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
        Assert.That(error, Does.Contain("Cannot write to the folder").And.Contain(_folder["file", "masks"]));
    }

    [Test]
    public void Label_crop_without_annotations_is_refused_in_one_sentence()
    {
        var (exit, _, error) = CommandLine.Run(
            "score", _folder["in"], "--model", Bundle, "--out", _folder["none"], "--crop", "label");
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("needs annotations beside the volumes"));
        Assert.That(
            CommandLine.RunWell(
                "score", _folder["data", "ct_test"], "--model", Bundle, "--out", _folder["by-label"], "--crop", "label",
                "--format", "seg.nrrd", "nifti", "--threads", "1"),
            Does.Contain("1 volumes labelled").And.Contain("crop: label"));
        Assert.That(_folder["by-label", "ct_test_2001_image.seg.nrrd"], Does.Exist);
        Assert.That(_folder["by-label", "ct_test_2001_image.nii.gz"], Does.Exist);
    }

    [Test]
    public void A_disk_that_fills_up_is_reported_and_nothing_half_is_left()
    {
        // A process whose files may have 8 KB sees what one on a full disk sees: writing fails.
        var start = new ProcessStartInfo("bash") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            "trap '' XFSZ; ulimit -f 8; exec dotnet \"$0\" score \"$1\" --model \"$2\" --out \"$3\" --threads 1");
        foreach (var argument in new[]
        {
            Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll"), _folder["in"], Bundle, _folder["full"],
        })
        {
            start.ArgumentList.Add(argument);
        }

        // The runtime itself keeps its doubly mapped code in a file.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(1), error + output.Result);
        Assert.That(error, Does.Contain("a.nii.gz' cannot be written: ").And.Contain("check that there is space"));
        Assert.That(Directory.EnumerateFiles(_folder["full"], "*.nii.gz", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    [SupportedOSPlatform("linux")]
    public void The_job_array_s_script_scores_parts_that_are_joined()
    {
        var program = _folder.Write(
            "mkdseg", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        for (var task = 1; task <= 2; task++)
            Assert.That(Run(task, _folder["in"], Bundle, _folder["array"]), Is.Zero, $"task {task}");
        Assert.That(Run(0, "--merge", _folder["array"]), Is.Zero);
        Assert.That(File.ReadAllLines(_folder["array", "results.csv"]), Has.Length.EqualTo(4));
        Assert.That(_folder["array", "results.part-2-of-2.json"], Does.Exist);

        int Run(int task, params string[] arguments)
        {
            var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
            start.ArgumentList.Add(Repository.File("scripts/score-array.sh"));
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            start.Environment["MKDSEG"] = program;
            start.Environment["SLURM_ARRAY_TASK_ID"] = $"{task}";
            start.Environment["SLURM_ARRAY_TASK_COUNT"] = "2";
            start.Environment["SLURM_CPUS_PER_TASK"] = "1";
            using var process = Process.Start(start)!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    private (int Exit, string Output, string Error) Score(string output) => CommandLine.Run(
        "score", _folder["in"], "--model", Bundle, "--out", _folder[output], "--threads", "1");

    private Process Start(string output)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll"), "score", _folder["in"], "--model", Bundle, "--out",
            _folder[output], "--threads", "1",
        })
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
