using System.Diagnostics;
using System.Security.Cryptography;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>Runs that are killed, stopped and resumed by their folder alone.</summary>
public class ResumedTrainingTests
{
    private const int Kills = 20;
    private readonly TemporaryFolder _folder = new();
    private string _output = "";

    [OneTimeSetUp]
    public void Make_data_and_a_run_that_is_never_stopped()
    {
        CommandLine.RunWell("phantom", "--out", _folder["data"], "--ct-train", "2", "--mr-train", "1", "--ct-test", "0");
        File.WriteAllText(_folder["tiny.json"], """
            {
              "preset": "phantom",
              "iterations": 120,
              "checkpointIterations": 2,
              "eventIterations": 10,
              "mkd": { "imagePoolSize": 4 },
              "segmentor": { "filters": [4, 8], "strides": [1, 2] },
              "generator": { "width": 4, "blocks": 1 },
              "discriminator": { "width": 4 },
              "target": { "patchSize": 16, "inPlaneSpacingMm": 10 },
              "assistant": { "patchSize": 16, "inPlaneSpacingMm": 10 },
              "validation": { "iterations": 30, "cases": 1 },
              "averageDecay": 0.9,
            }
            """);
        _output = CommandLine.RunWell(Train("straight"));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_run_that_is_killed_at_any_moment_ends_with_the_same_bits()
    {
        var random = new Random(1);
        var begun = false;
        for (var i = 0; i < Kills; i++)
            begun |= Kill(begun ? ["train", "--resume", _folder["killed"]] : Train("killed"), random.NextDouble());

        var output = CommandLine.RunWell("train", "--resume", _folder["killed"]);
        TestContext.Out.WriteLine(output);
        foreach (var file in (string[])["bundle/S_syn.onnx", "bundle/S_real.onnx", "bundle/G_at.onnx", "last/S_real.onnx"])
            Assert.That(Hash(_folder["killed", file]), Is.EqualTo(Hash(_folder["straight", file])), file);
        Assert.That(
            Without(2, _folder["killed", "metrics.csv"]), Is.EqualTo(Without(2, _folder["straight", "metrics.csv"])));
        Assert.That(
            File.ReadAllText(_folder["killed", "validation.csv"]),
            Is.EqualTo(File.ReadAllText(_folder["straight", "validation.csv"])));
    }

    [Test]
    public void Without_a_terminal_there_are_plain_lines()
    {
        Assert.That(_output, Does.Match(
            @"(?m)^Train mkd: 120/120, 0:00 left, Dice 0\.\d+, \d+\.\d\d it/s, L_adv_at \d+\.\d\d L_cyc_at "));
        Assert.That(_output, Does.Contain("Validation after iteration 30: S_syn 0.").And.Not.Contain("\e"));
    }

    [Test]
    public void A_run_that_is_there_is_never_trained_over()
    {
        Copy("straight", "kept");
        var checkpoints = Directory.GetFiles(_folder["kept", "checkpoints"], "*", SearchOption.AllDirectories);
        var bundle = Hash(_folder["kept", "bundle/S_real.onnx"]);
        var (exit, _, error) = CommandLine.Run(Train("kept"));
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("--resume").And.Contain("--overwrite").And.Contain("another folder"));
        Assert.That(
            Directory.GetFiles(_folder["kept", "checkpoints"], "*", SearchOption.AllDirectories), Is.EqualTo(checkpoints));
        Assert.That(Hash(_folder["kept", "bundle/S_real.onnx"]), Is.EqualTo(bundle));
    }

    [Test]
    public void Continue_starts_a_run_and_goes_on_with_it_under_the_same_options_only()
    {
        string[] command = [.. Train("continued"), "--continue"];
        var (exit, output, error) = Interrupt(command, after: "Validation after iteration 30");
        Assert.That(exit, Is.EqualTo(130), output + error);
        Assert.That(error, Does.Contain($"stopped; continue with: mkdseg train --resume {_folder["continued"]}"));
        Assert.That(CommandLine.RunWell(command), Does.Contain("Resuming after iteration"));
        Assert.That(
            Hash(_folder["continued", "bundle/S_real.onnx"]), Is.EqualTo(Hash(_folder["straight", "bundle/S_real.onnx"])));
        (exit, _, error) = CommandLine.Run([.. command, "--seed", "2"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("seed: 1 before, 2 now"));
    }

    [Test]
    public void The_engine_is_named_and_CUDA_that_this_build_lacks_is_one_sentence()
    {
        Assert.That(_output, Does.Match(@"^TorchSharp \d+\.\d+\.\d+ on the CPU\n"));
        var (exit, _, error) = CommandLine.Run([.. Train("gpu")[..^4], "--device", "cuda"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("cuda").And.Contain("the device cpu"));
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(_folder["gpu"], Does.Not.Exist);
    }

    [Test]
    public void Other_options_are_named_and_refused_unless_accepted()
    {
        var (exit, _, error) = CommandLine.Run("train", "--resume", _folder["straight"], "--iterations", "130", "--seed", "2");
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("iterations: 120 before, 130 now").And.Contain("seed: 1 before, 2 now"));
        Copy("straight", "longer");
        CommandLine.RunWell("train", "--resume", _folder["longer"], "--iterations", "124", "--accept-changes");
        Assert.That(
            File.ReadAllLines(_folder["longer", "metrics.csv"])[^1], Does.StartWith("124,"));
    }

    [Test]
    public void Other_data_are_refused()
    {
        Copy("straight", "other");
        CommandLine.RunWell("phantom", "--out", _folder["more"], "--ct-train", "3", "--mr-train", "1", "--ct-test", "0");
        var (exit, _, error) = CommandLine.Run(
            "train", "--resume", _folder["other"], "--data", _folder["more", "dataset.json"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("dataSha256").And.Contain("--accept-changes"));
    }

    [Test]
    public void A_folder_without_a_run_is_said_to_be_none()
    {
        var (exit, _, error) = CommandLine.Run("train", "--resume", _folder["data"]);
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("plan.json").And.Contain("no training was started there"));
    }

    [Test]
    public void A_run_that_is_there_is_neither_deleted_nor_doubled()
    {
        var (exit, _, error) = CommandLine.Run(Train("straight"));
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("--resume").And.Contain("another folder").And.Contain("--overwrite"));
        Copy("straight", "again");
        File.WriteAllText(_folder["again", "validation.csv"], "of the run before");
        CommandLine.RunWell([.. Train("again"), "--overwrite", "--iterations", "1"]);
        Assert.That(File.ReadAllLines(_folder["again", "metrics.csv"]), Has.Length.EqualTo(2), "header, iteration 1");
        Assert.That(File.ReadAllText(_folder["again", "validation.csv"]), Does.StartWith("iteration,"));
    }

    [Test]
    public void A_profile_says_where_the_time_goes_and_writes_nothing()
    {
        var output = CommandLine.RunWell([.. Train("dry"), "--profile"]);
        Assert.That(output, Does.Match(@"S_syn +Conv +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+").And.Match(@"(?m)^G_a→t +InstanceNorm "));
        Assert.That(output, Does.Contain("An iteration takes"));
        Assert.That(_folder["dry"], Does.Not.Exist);
    }

    [Test]
    public void A_dry_run_says_what_it_would_take_and_writes_nothing()
    {
        var output = CommandLine.RunWell([.. Train("dry"), "--dry-run"]);
        Assert.That(output, Does.Contain("120 iterations").And.Contain("target slices").And.Contain("D_t "));
        Assert.That(_folder["dry"], Does.Not.Exist);
    }

    [Test]
    public void A_run_in_mixed_precision_stays_in_it()
    {
        var output = CommandLine.RunWell([.. Train("dry"), "--dry-run", "--precision", "mixed"]);
        Assert.That(output, Does.Contain("mixed precision"));

        CommandLine.RunWell([.. Train("mixed"), "--precision", "mixed", "--iterations", "1"]);
        Assert.That(File.ReadAllText(_folder["mixed", "training.json"]), Does.Contain("\"precision\": \"mixed\""));
        var (exit, _, error) = CommandLine.Run("train", "--resume", _folder["mixed"], "--precision", "fp32");
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Contain("precision: \"mixed\" before, \"fp32\" now"));
    }

    private string[] Train(string run) =>
    [
        "train", "--data", _folder["data", "dataset.json"], "--config", _folder["tiny.json"], "--out", _folder[run],
        "--name", "tiny", "--threads", "1", "--device", "cpu", "--locator-iterations", "0",
    ];

    /// <summary>Kills a training some time after its first sign of life; whether there is a run to go on with.</summary>
    private bool Kill(string[] arguments, double share)
    {
        using var process = Start(arguments);
        _ = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("Training ", StringComparison.Ordinal))
        {
        }

        process.StandardOutput.ReadToEndAsync();
        Thread.Sleep(TimeSpan.FromSeconds(share * 0.9));
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return File.Exists(_folder["killed", "plan.json"]) && File.Exists(_folder["killed", "training.json"]);
    }

    /// <summary>Runs a command and presses Ctrl-C when a line begins so.</summary>
    private static (int Exit, string Output, string Error) Interrupt(string[] arguments, string after)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output += line + "\n";
            if (!line.StartsWith(after, StringComparison.Ordinal))
                continue;
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            kill.WaitForExit();
            after = "never again";
        }

        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }

    private void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(_folder[from], "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder[to], Path.GetRelativePath(_folder[from], file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    // The rows without a column, such as the one of times.
    private static IEnumerable<string> Without(int column, string file) =>
        File.ReadAllLines(file).Select(row => string.Join(',', row.Split(',').Where((_, i) => i != column)));
}
