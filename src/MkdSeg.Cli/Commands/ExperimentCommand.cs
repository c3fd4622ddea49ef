using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Results;
using MkdSeg.Experiments.Running;
using MkdSeg.Phantom;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Torch;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg experiment</c>: reproduces the paper's tables.</summary>
internal static class ExperimentCommand
{
    private const int QuickIterations = 10;

    private static readonly Option<string> Tables =
        CommonOptions.WithDefault("--table", "Tables of the paper: 1, 2, 3, 4, a comma-separated list, or all.", "all");
    private static readonly Option<string> Out = CommonOptions.Required<string>(
        "--out", "Folder for runs, tables and, without --data, the phantom data set.");
    private static readonly Option<string?> Data = CommonOptions.New<string?>(
        "--data", "The dataset manifest (.json); default: a phantom data set, generated in the folder.");
    private static readonly Option<string?> DataRoot = CommonOptions.DataRoot();
    private static readonly Option<PhantomVariation> Variation =
        CommonOptions.WithDefault("--variation", "Without --data: " + PhantomCommand.VariationDescription, ExperimentData.Full.Variation);
    private static readonly Option<ExperimentSetting> Setting = CommonOptions.WithDefault(
        "--setting",
        "scarce: a few target volumes drawn by the seed; folds: the paper's two-fold cross-validation; long: scarce with "
            + $"{LongSchedule.Passes} passes over a few thick slices, Tables 1 and 2, and curves of Dice over passes.",
        ExperimentSetting.Scarce);
    private static readonly Option<string> TargetVolumes =
        CommonOptions.WithDefault("--ct", "Target volumes, except with folds, such as 4, or 2,4 for tables of both.", "4");
    private static readonly Option<string> Folds = CommonOptions.WithDefault("--folds", "Folds to test on.", "0,1");
    private static readonly Option<string?> Seeds = CommonOptions.New<string?>(
        "--seeds", "Seeds of subsets and training runs; default: 1,2,3, or 1 with --setting folds or --quick.");
    private static readonly Option<string> Methods =
        CommonOptions.WithDefault("--methods", "Only these methods, comma-separated; default: all methods in the tables.", "");
    private static readonly Option<string> Preset =
        CommonOptions.WithDefault("--preset", $"{string.Join(", ", TrainingPresets.All.Keys)}.", TrainingPresets.Default);
    private static readonly Option<int?> Iterations = CommonOptions.New<int?>(
        "--iterations", "Iterations per run, instead of the preset's or the long setting's.");
    private static readonly Option<CropRule> Crop = CommonOptions.WithDefault(
        "--crop",
        "How test volumes are cropped: label (by their annotation, as in the paper), located, centre, or whole.",
        CropRule.Label);
    private static readonly Option<bool> Quick = CommonOptions.New<bool>(
        "--quick", $"Try the whole pipeline: {QuickIterations} iterations, one seed, a few volumes.");
    private static readonly Option<string?> Shard = CommonOptions.New<string?>(
        "--shard", "Do only part of the runs, such as 3/8: every 8th run, starting with the 3rd.");
    private static readonly Option<int?> Parallel = CommonOptions.New<int?>(
        "--parallel", "Number of runs at a time, each in its own process; default: cores divided by --threads, 1 on a GPU.");
    private static readonly Option<int> Threads = CommonOptions.WithDefault("--threads", "Threads per run.", 1);
    private static readonly Option<DeviceKind> Device = CommonOptions.WithDefault("--device", "auto, cpu, or cuda.", DeviceKind.Auto);
    private static readonly Option<Precision> PrecisionOption =
        CommonOptions.WithDefault("--precision", "fp32, or mixed for convolutions in bfloat16; see docs/gpu.md.", Precision.Fp32);
    private static readonly Option<bool> TablesOnly = CommonOptions.New<bool>(
        "--tables-only", "Start no runs; build the tables from finished runs.");

    public static Command Create()
    {
        var command = new Command(
            "experiment",
            "Performs the runs that the paper's tables need and writes the tables as Markdown, CSV and JSON, alongside the\n"
            + "paper's numbers. Finished runs are skipped, stopped runs resume, and a failed run does not stop the others.\n\n"
            + "Example: mkdseg experiment --table 1,2 --out results/experiments --seeds 1,2,3")
        {
            Tables, Out, Data, DataRoot, Variation, Setting, TargetVolumes, Folds, Seeds, Methods, Preset, Iterations,
            Crop, Quick, Shard, Parallel, Threads, Device, PrecisionOption, TablesOnly,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var root = parsed.GetValue(Out)!;
        var options = OptionsOf(parsed);
        // Rejects an unknown table before generating a data set for it.
        _ = TableDefinition.Of(options.Setting, options.Tables);
        Console.WriteLine(ComputeDevice.Describe(options.Training.Device));
        var (manifest, manifestPath) = await DataOf(parsed, root, cancellation);
        var plan = ExperimentPlan.Create(manifest, options);
        var shard = CommonOptions.Fraction(Shard.Name, parsed.GetValue(Shard)) is { } part
            ? plan.Shard(part.Index, part.Count)
            : plan.Runs;
        var structures = manifest.LabelSet.Structures.Select(structure => structure.Name).ToList();
        try
        {
            if (parsed.GetValue(TablesOnly))
                return 0;
            var threads = parsed.GetValue(Threads);
            var launcher = new ChildProcessLauncher(
                folder => ExperimentRunCommand.Command(folder, manifestPath, manifest.DataRoot, threads));
            var runner = new ExperimentRunner(root, launcher.Launch);
            var parallel = parsed.GetValue(Parallel) ?? DefaultParallel(options.Training);
            Console.WriteLine(
                $"{shard.Count} of {plan.Runs.Count} runs for {plan.Tables.Count} tables, {parallel} at a time, in "
                + root);
            foreach (var table in plan.Tables)
                Console.WriteLine($"Table {table.Definition.Number}: {table.Length}");
            var summary = await ProgressDisplay.RunAsync(
                "Experiment", progress => runner.Run(shard, parallel, progress, cancellation));
            Console.WriteLine(
                $"{summary.Finished.Count} runs finished, {summary.FinishedBefore.Count} had finished earlier, "
                + $"{summary.Failed.Count} failed, {summary.Skipped.Count} are left to other processes");
            return summary.Failed.Count > 0 ? ErrorReport.SomeFailed : 0;
        }
        finally
        {
            // Also after Ctrl-C: the tables show which runs are missing.
            var builder = new TableBuilder(root, structures, CommandOf(parsed, options));
            foreach (var file in TableFiles.Write(root, [.. plan.Tables.Select(builder.Build)]))
                Console.WriteLine(file);
        }
    }

    // Runs on one GPU would only compete for its memory and time.
    private static int DefaultParallel(TrainingOptions options) => ComputeDevice.IsGpu(options.Device)
        ? 1
        : Math.Max(1, Environment.ProcessorCount / Math.Max(1, options.Threads));

    private static ExperimentOptions OptionsOf(ParseResult parsed)
    {
        var tables = parsed.GetValue(Tables)!;
        var setting = parsed.GetValue(Setting);
        var quick = parsed.GetValue(Quick);
        var seeds = parsed.GetValue(Seeds) ?? (quick || setting == ExperimentSetting.Folds ? "1" : "1,2,3");
        var training = TrainingPresets.Find(parsed.GetValue(Preset)!) with
        {
            Device = parsed.GetValue(Device),
            Precision = parsed.GetValue(PrecisionOption),
            Threads = parsed.GetValue(Threads),
        };
        return new()
        {
            Tables = tables == "all" ? [] : CommonOptions.Numbers<int>(Tables.Name, tables),
            Setting = setting,
            TargetVolumes = CommonOptions.Numbers<int>(TargetVolumes.Name, parsed.GetValue(TargetVolumes)!),
            Folds = CommonOptions.Numbers<int>(Folds.Name, parsed.GetValue(Folds)!),
            Seeds = CommonOptions.Numbers<ulong>(Seeds.Name, seeds),
            Methods = parsed.GetValue(Methods)!.Split(
                ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Training = training,
            Iterations = parsed.GetValue(Iterations) ?? (quick ? QuickIterations : null),
            Crop = parsed.GetValue(Crop),
        };
    }

    private static async Task<(VolumeManifest Manifest, string Path)> DataOf(
        ParseResult parsed, string root, CancellationToken cancellation)
    {
        if (parsed.GetValue(Data) is { } path)
        {
            var manifest = VolumeManifest.Load(path, parsed.GetValue(DataRoot));
            manifest.Validate(checkHashes: false);
            return (manifest, path);
        }

        var volumes = ExperimentData.Of(parsed.GetValue(Setting), parsed.GetValue(Quick)) with
        {
            Variation = parsed.GetValue(Variation),
        };
        var made = await ProgressDisplay.RunAsync(
            "Phantom", progress => ExperimentData.Make(root, volumes, progress, cancellation));
        return (made, Path.Combine(made.DataRoot, PhantomDataset.ManifestFileName));
    }

    // Without folders, which are specific to a machine, and without options that do not change the numbers.
    private static string CommandOf(ParseResult parsed, ExperimentOptions options)
    {
        var setting = options.Setting == ExperimentSetting.Folds
            ? $"--setting folds --folds {string.Join(',', options.Folds)}"
            : $"--setting {options.Setting.ToString().ToLowerInvariant()} --ct {string.Join(',', options.TargetVolumes)}";
        // The long setting's iterations follow from the data.
        var iterations = options.Iterations
            ?? (options.Setting == ExperimentSetting.Long ? null : options.Training.Iterations);
        var tables = TableDefinition.Of(options.Setting, options.Tables).Select(table => table.Number);
        var data = parsed.GetValue(Data) is { } path
            ? $"--data {Path.GetFileName(path)}"
            : $"--variation {parsed.GetValue(Variation).ToString().ToLowerInvariant()}";
        var methods = options.Methods.Count > 0 ? $" --methods {string.Join(',', options.Methods)}" : "";
        return $"mkdseg experiment --table {string.Join(',', tables)} {setting} "
            + $"--seeds {string.Join(',', options.Seeds)}{methods} --preset {parsed.GetValue(Preset)} "
            + (iterations is { } count ? $"--iterations {count} " : "") + data
            + (options.Training.Precision == Precision.Mixed ? " --precision mixed" : "")
            + (parsed.GetValue(Quick) ? " --quick" : "") + " --out FOLDER";
    }
}
