// Entry point: `dotnet cake` lists the targets, `dotnet cake --target=NAME` runs one.
// Each target runs its prerequisites automatically and skips what is already done.

#load build/environment.cake
#load build/packages.cake
#load build/slurm.cake
#load build/testing.cake

var target = Argument("target", "Help");
var configuration = Argument("configuration", "Release");
var results = MakeAbsolute(Directory(Argument("results", "results")));
var device = Argument("device", "auto");
var threads = Argument("threads", System.Environment.ProcessorCount);
var seed = Argument("seed", 1);

// Arguments that `mkdseg experiment` accepts under the same name.
string[] experimentArguments =
[
    "setting", "ct", "folds", "seeds", "methods", "preset", "iterations", "data", "data-root", "variation", "shard", "parallel",
];

// Arguments that each target accepts in addition to the common ones; anything else is a typo, which must not go unnoticed.
var ownArguments = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
{
    ["Test"] = ["filter"],
    ["Train"] = ["iterations"],
    ["Experiments"] = ["table", "quick", .. experimentArguments],
    ["Score"] = ["input", "model", "out"],
    ["Benchmark"] = ["only"],
    ["Pack"] = ["out"],
};
RefuseUnknownArguments(
    ["target", "configuration", "results", "device", "threads", "seed", "feed", "simpleitk", .. ownArguments.GetValueOrDefault(target, [])]);

FilePath cli = File($"src/MkdSeg.Cli/bin/{configuration}/net10.0/MkdSeg.Cli.dll");

// Runs MkdSeg's command line; if it fails, stops the build with its exit code.
void Mkdseg(string verb, Action<ProcessArgumentBuilder> arguments) => Run(cli, verb, arguments);

void Run(FilePath assembly, string verb, Action<ProcessArgumentBuilder> arguments)
{
    var builder = new ProcessArgumentBuilder().AppendQuoted(assembly.FullPath).Append(verb);
    arguments(builder);
    var exit = StartProcess("dotnet", new ProcessSettings
    {
        Arguments = builder,
        EnvironmentVariables = EngineEnvironment(threads),
    });
    if (exit != 0)
    {
        throw new CakeException(
            exit, $"`{assembly.GetFilenameWithoutExtension()} {verb}` ended with exit code {exit}; its message is above.");
    }
}

void BuildProject(string project)
{
    DotNetBuild(project, new DotNetBuildSettings
    {
        Configuration = configuration,
        NoLogo = true,
        Verbosity = DotNetVerbosity.Minimal,
    });
}

Task("Help")
    .Description("Lists the targets.")
    .Does(() =>
{
    Info("dotnet cake --target=NAME [--device=auto|cpu|cuda] [--feed=FOLDER|NAME] [--simpleitk=FOLDER]");
    Info("            [--results=FOLDER] [--threads=N] [--seed=N]");
    Info("");
    foreach (var task in Tasks.Where(task => !string.IsNullOrEmpty(task.Description)))
    {
        Info("  {0,-11} {1}", task.Name, task.Description);
    }
});

Task("Setup")
    .Description("Installs what is missing; reports first what, why and how much.")
    .Does(() =>
{
    var settings = ChoosePackages(device, Argument("feed", string.Empty), Argument("simpleitk", string.Empty));
    if (settings.SimpleITK == string.Empty)
    {
        InstallMissing("SimpleITK's wrapper, which is built here", "libinsighttoolkit5-dev", "g++", "cmake", "make");
    }

    InstallNpmPackages(withTests: false);
    AnnounceRestore();
    Info("Device:   {0}", DescribeDevice(device, settings));
    Info("Results:  {0}", results);
});

Task("Build")
    .Description("Builds everything.")
    .IsDependentOn("Setup")
    .Does(() => BuildProject("MkdSeg.sln"));

Task("BuildCli")
    .IsDependentOn("Setup")
    .Does(() => BuildProject("src/MkdSeg.Cli/MkdSeg.Cli.csproj"));

Task("Test")
    .Description("Runs all NUnit tests; the last line has the counts. [--filter=EXPRESSION]")
    .IsDependentOn("Build")
    .Does(() =>
{
    InstallMissing("the tests that check exported networks", "python3-onnx");
    InstallMissing("the test of the systemd unit", "systemd");
    InstallMissing("the tests that check DICOM objects", "dicom3tools", "dcmtk", "python3-pydicom");
    InstallNpmPackages(withTests: true);
    InstallBrowserForTests();
    RunTests(configuration, Argument("filter", string.Empty));
});

Task("TestSlurm")
    .Description("Installs Debian's Slurm, starts a one-node cluster, and scores a folder as a real job array.")
    .IsDependentOn("Setup")
    .Does(() =>
{
    InstallMissing("a one-node Slurm cluster", slurmPackages);
    var tests = "tests/MkdSeg.Cli.Tests/MkdSeg.Cli.Tests.csproj";
    BuildProject(tests);
    WithSlurm(() => RunTests(configuration, "FullyQualifiedName~SlurmTests", tests));
});

Task("TestPacs")
    .Description("Installs Debian's Orthanc and dcmtk, and scores from, to and behind them on loopback.")
    .IsDependentOn("Setup")
    .Does(() =>
{
    InstallMissing("a PACS for the tests", "orthanc", "orthanc-dicomweb", "dcmtk");
    var tests = "tests/MkdSeg.Cli.Tests/MkdSeg.Cli.Tests.csproj";
    BuildProject(tests);
    RunTests(configuration, "FullyQualifiedName~PacsTests", tests);
});

Task("Train")
    .Description("Phantom data → training → ONNX → scoring of 10 unseen CT volumes → Dice table, report. [--iterations=N]")
    .IsDependentOn("BuildCli")
    .Does(() =>
{
    var data = results.Combine("phantom");
    // Anatomy: hearts vary more than images do, so that the hearts seen in MR are useful for CT.
    Mkdseg("phantom", a => a
        .AppendSwitchQuoted("--out", data.FullPath)
        .AppendSwitch("--variation", "anatomy")
        .AppendSwitch("--seed", $"{seed}"));
    // Both are scored around the position found by the same locator.
    var locator = $"--locator-from \"{results.Combine("runs").Combine("mkd").Combine("bundle").FullPath}\"";
    foreach (var method in new[] { "mkd", "baseline" })
    {
        Mkdseg("train", a => a
            .AppendSwitch("--method", method)
            .AppendSwitch("--preset", "phantom")
            .AppendSwitchQuoted("--data", data.CombineWithFilePath("dataset.json").FullPath)
            .AppendSwitchQuoted("--out", results.Combine("runs").Combine(method).FullPath)
            // After Ctrl-C the target resumes where it stopped.
            .Append("--continue")
            .AppendSwitch("--device", device)
            .AppendSwitch("--threads", $"{threads}")
            .AppendSwitch("--seed", $"{seed}")
            .Append(method == "mkd" ? "" : locator)
            .Append(Argument("iterations", 0) is > 0 and var iterations ? $"--iterations {iterations}" : ""));
        Mkdseg("score", a => a
            .AppendQuoted(data.Combine("ct_test").FullPath)
            .AppendSwitchQuoted("--model", results.Combine("runs").Combine(method).Combine("bundle").FullPath)
            .AppendSwitchQuoted("--out", results.Combine("scored").Combine(method).FullPath)
            .Append("--members")
            // The table compares the networks' raw output.
            .Append("--no-cleanup")
            .AppendSwitch("--device", device)
            .AppendSwitch("--threads", $"{threads}"));
    }

    Info("");
    Mkdseg("evaluate", a => a
        .AppendSwitchQuoted("--note", "Dice on 10 phantom CT volumes not used for training (synthetic data, crop: located by the model)")
        .AppendSwitchQuoted("--truth", data.Combine("ct_test").FullPath)
        .AppendSwitchQuoted("--prediction", $"Baseline (4 CT alone)={results.Combine("scored").Combine("baseline")}")
        .AppendSwitchQuoted("--prediction", $"S_syn={results.Combine("scored").Combine("mkd").Combine("S_syn")}")
        .AppendSwitchQuoted("--prediction", $"S_real={results.Combine("scored").Combine("mkd").Combine("S_real")}")
        .AppendSwitchQuoted("--prediction", $"Ensemble={results.Combine("scored").Combine("mkd")}")
        .AppendSwitchQuoted("--record", results.Combine("runs").Combine("mkd").Combine("bundle").FullPath)
        .AppendSwitchQuoted("--out", results.CombineWithFilePath("dice.md").FullPath));

    Info("");
    Mkdseg("report", a => a
        .AppendQuoted(results.Combine("runs").Combine("mkd").FullPath)
        .AppendQuoted(results.Combine("scored").Combine("mkd").FullPath)
        .AppendSwitchQuoted("--compare", $"Baseline (4 CT alone)={results.Combine("scored").Combine("baseline")}")
        .AppendSwitchQuoted("--data", data.CombineWithFilePath("dataset.json").FullPath)
        .AppendSwitchQuoted("--out", results.CombineWithFilePath("report.html").FullPath)
        .AppendSwitch("--device", device)
        .AppendSwitch("--threads", $"{threads}"));
});

Task("Experiments")
    .Description("The paper's tables: [--table=1,2,3,4] [--quick] [--setting=scarce|folds|long] [--seeds=1,2,3] [--shard=3/8] …")
    .IsDependentOn("BuildCli")
    .Does(() =>
{
    var quick = HasArgument("quick");
    Mkdseg("experiment", a =>
    {
        a.AppendSwitch("--table", Argument("table", "all"));
        a.AppendSwitchQuoted("--out", results.Combine(quick ? "experiments-quick" : "experiments").FullPath);
        a.AppendSwitch("--device", device);
        // Several parallel runs with one thread each get more done than one run with several threads.
        a.AppendSwitch("--threads", HasArgument("threads") ? $"{threads}" : "1");
        foreach (var name in experimentArguments.Where(name => HasArgument(name)))
        {
            a.AppendSwitchQuoted($"--{name}", Argument<string>(name));
        }

        if (quick)
        {
            a.Append("--quick");
        }
    });
});

Task("Score")
    .Description("Labels a folder of CT volumes: --input=FOLDER [--model=BUNDLE] [--out=FOLDER]")
    .IsDependentOn("BuildCli")
    .Does(() =>
{
    var input = Argument<string>("input", null)
        ?? throw new CakeException("No input folder was given; pass the CT volumes to label: --target=Score --input=FOLDER");
    Mkdseg("score", a => a
        .AppendQuoted(input)
        .AppendSwitchQuoted("--model", Argument("model", "onnx/phantom-ct"))
        .AppendSwitchQuoted("--out", Argument("out", results.Combine("scored").Combine("ct").FullPath))
        .AppendSwitch("--device", device)
        .AppendSwitch("--threads", $"{threads}"));
});

Task("Benchmark")
    .Description("Compares training and folder scoring with Python, scoring with the bare session; prints ratios. "
        + "[--only=training-iteration|busy-machine|scoring|large-volume|folder-scoring|apply-onnx|service|service-memory]")
    .IsDependentOn("Setup")
    .Does(() =>
{
    InstallMissing("the Python references", "python3-torch", "python3-onnx", "python3-nibabel", "python3-scipy");
    (string Title, string Folder, string Name, string Arguments)[] benchmarks =
    [
        ("training-iteration", "training-iteration", "MkdSeg.TrainingBenchmark", ""),
        ("busy-machine", "training-iteration", "MkdSeg.TrainingBenchmark", "--busy-machine"),
        ("scoring", "scoring", "MkdSeg.ScoringBenchmark", ""),
        ("large-volume", "scoring", "MkdSeg.ScoringBenchmark", "--large --rounds 3"),
        ("folder-scoring", "folder-scoring", "MkdSeg.FolderScoringBenchmark", ""),
        ("apply-onnx", "scoring", "MkdSeg.ScoringBenchmark", "--apply-onnx"),
        ("service", "service", "MkdSeg.ServiceBenchmark", ""),
        ("service-memory", "service", "MkdSeg.ServiceBenchmark", "--memory"),
    ];
    var only = Argument("only", string.Empty);
    if (only != string.Empty && !benchmarks.Any(benchmark => benchmark.Title == only))
    {
        throw new CakeException($"--only={only} is unknown; use one of "
            + string.Join(", ", benchmarks.Select(benchmark => benchmark.Title)) + ".");
    }

    foreach (var (title, folder, name, arguments) in benchmarks)
    {
        if (only == string.Empty || only == title)
        {
            BuildProject($"benchmarks/{folder}/{name}.csproj");
            Run(
                File($"benchmarks/{folder}/bin/{configuration}/net10.0/{name}.dll"),
                "",
                a => a.AppendSwitch("--threads", $"{threads}").Append(arguments));
        }
    }
});

Task("Pack")
    .Description("Builds the NuGet packages of the libraries and the tool: [--out=FOLDER]")
    .IsDependentOn("Setup")
    .Does(() =>
{
    var folder = MakeAbsolute(Directory(Argument("out", results.Combine("packages").FullPath)));
    foreach (var project in new[] { "MkdSeg", "MkdSeg.ML", "MkdSeg.Training", "MkdSeg.Cli" })
    {
        DotNetPack($"src/{project}/{project}.csproj", new DotNetPackSettings
        {
            Configuration = configuration,
            OutputDirectory = folder,
            NoLogo = true,
            Verbosity = DotNetVerbosity.Quiet,
        });
    }

    foreach (var package in GetFiles($"{folder}/*nupkg").OrderBy(file => file.FullPath))
    {
        Info("{0,8:0.0} MB  {1}", FileSize(package) / 1e6, package.GetFilename());
    }

    Info("Packages are in {0}", folder);
});

Task("Clean")
    .Description("Deletes build outputs and test results; keeps downloads, data, runs and native libraries.")
    .Does(() =>
{
    var outputs = GetDirectories("./{src,tests,benchmarks}/**/bin") + GetDirectories("./{src,tests,benchmarks}/**/obj")
        + GetDirectories("./TestResults");
    DeleteDirectories(outputs, new DeleteDirectorySettings { Recursive = true, Force = true });
    Info("{0} folders deleted.", outputs.Count);
});

RunTarget(target);
