using System.CommandLine;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Commands;

/// <summary>
/// The options of <c>mkdseg train</c>. Options on the command line override a configuration file, which overrides a preset;
/// in a resumed run they override what the run was begun with.
/// </summary>
internal sealed class TrainCommandOptions
{
    private const int UsualEventIterations = 50;

    private readonly Option<string?> _data;
    private readonly Option<string?> _dataRoot;
    private readonly Option<string?> _output;
    private readonly Option<string?> _resume;
    private readonly Option<bool> _continue;
    private readonly Option<bool> _overwrite;
    private readonly Option<bool> _acceptChanges;
    private readonly Option<bool> _dryRun;
    private readonly Option<bool> _profile;
    private readonly Option<string?> _method;
    private readonly Option<string?> _preset;
    private readonly Option<string?> _configuration;
    private readonly Option<int?> _iterations;
    private readonly Option<string?> _target;
    private readonly Option<string?> _assistant;
    private readonly Option<int?> _fold;
    private readonly Option<int?> _locatorIterations;
    private readonly Option<string?> _locatorFrom;
    private readonly Option<int?> _validationIterations;
    private readonly Option<int?> _validationCases;
    private readonly Option<double?> _averageDecay;
    private readonly Option<int?> _eventIterations;
    private readonly Option<string?> _name;
    private readonly Option<ulong?> _seed;
    private readonly Option<DeviceKind?> _device;
    private readonly Option<Precision?> _precision;
    private readonly Option<int?> _threads;

    public TrainCommandOptions(Command command)
    {
        _data = Add<string?>("--data", "The dataset manifest (.json).");
        _dataRoot = Add<string?>("--data-root", "Folder of the manifest's files; default: the manifest's own.");
        _output = Add<string?>("--out", "Folder of the new run. One that holds a run already is refused.");
        _resume = Add<string?>("--resume", "Folder of a stopped run: continue from its last checkpoint. Needs no other option.");
        _continue = Add<bool>("--continue", "With --out: continue the run there if one was begun with the same options.");
        _overwrite = Add<bool>("--overwrite", "With --out: delete the run there and start over.");
        _acceptChanges = Add<bool>("--accept-changes", "With --resume: continue even with other options than before.");
        _dryRun = Add<bool>(
            "--dry-run", "Check data, options and device, do one iteration, estimate time and memory; write nothing.");
        _profile = Add<bool>(
            "--profile", "Do a few iterations and print seconds and GFLOP/s by network and kind of layer; write nothing.");
        _method = Add<string?>("--method", "Name of the method; mkdseg methods lists them. [default: mkd]");
        _preset = Add<string?>(
            "--preset", $"{string.Join(", ", TrainingPresets.All.Keys)}. [default: {TrainingPresets.Default}]");
        _configuration = Add<string?>(
            "--config", "A file of options (.json) that differ from a preset; it may name the preset. See docs/training.md.");
        _iterations = Add<int?>("--iterations", "Number of iterations, instead of the preset's.");
        _target = Add<string?>(
            "--target-modality", "The modality to segment; default: CT, or what a manifest of photographs says.");
        _assistant = Add<string?>(
            "--assistant-modality", "The modality that helps; default: MR, or what a manifest of photographs says.");
        _fold = Add<int?>(
            "--fold", "Cross-validation: leave out the target cases of this fold. Default: train on the split 'train'.");
        _locatorIterations = Add<int?>(
            "--locator-iterations",
            "Iterations of the network that finds the heart in whole volumes; 0 trains none. "
            + $"[default: {new LocatorOptions().Iterations}]");
        _locatorFrom = Add<string?>("--locator-from", "Copy the locator of this bundle instead of training one.");
        _validationIterations = Add<int?>(
            "--validation-iterations",
            "Iterations between two validations; the best model is exported. [default: no validation, the last model]");
        _validationCases = Add<int?>(
            "--validation-cases", "Target cases to set aside for validation if the manifest has no split 'validation'.");
        _averageDecay = Add<double?>(
            "--average-decay", "Export a moving average of the segmentors' weights with this decay, e.g. 0.99. [default: none]");
        _eventIterations = Add<int?>(
            "--event-iterations", $"Iterations between two TensorBoard entries; 0 for none. [default: {UsualEventIterations}]");
        _name = Add<string?>("--name", "Name of the bundle; default: the run folder's.");
        _seed = Add<ulong?>("--seed", CommonOptions.SeedDescription + " [default: 1]");
        _device = Add<DeviceKind?>("--device", "auto, cpu, or cuda. [default: auto]");
        _precision = Add<Precision?>("--precision", "fp32, or mixed for convolutions in bfloat16; see docs/gpu.md. [default: fp32]");
        _threads = Add<int?>("--threads", "Threads of the engine; 0: one per core. [default: 0]");

        Option<T> Add<T>(string name, string description)
        {
            var option = new Option<T>(name) { Description = description };
            command.Options.Add(option);
            return option;
        }
    }

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    public bool IsProfile(ParseResult parsed) => parsed.GetValue(_profile);

    /// <summary>The bundle whose locator is copied; null for none.</summary>
    public string? LocatorFrom(ParseResult parsed) => parsed.GetValue(_locatorFrom);

    /// <summary>The folder of the run; empty where nothing is written.</summary>
    public string RunFolder(ParseResult parsed) => (parsed.GetValue(_resume), parsed.GetValue(_output)) switch
    {
        ({ } run, null) => run,
        (null, { } run) when TrainingJob.IsIn(run) && StartsNew(parsed) => throw new UserErrorException(
            $"{run} holds a training already. Continue it with --resume {run}, choose another folder with --out, or add "
            + "--overwrite to delete it."),
        (null, { } run) => run,
        (null, null) when IsDryRun(parsed) || IsProfile(parsed) => "",
        (null, null) => throw new UserErrorException(
            "No run folder was given; name one with --out for a new run, or with --resume for a stopped one."),
        _ => throw new UserErrorException("Both --out and --resume were given; a resumed run stays in its folder."),
    };

    /// <summary>What to do with a run that is in the folder.</summary>
    public Resumption Resumption(ParseResult parsed) =>
        parsed.GetValue(_resume) is not null && parsed.GetValue(_acceptChanges) ? Training.Running.Resumption.Changed
        : parsed.GetValue(_resume) is not null || IsContinued(parsed) ? Training.Running.Resumption.Same
        // A run that was stopped before its options were saved has nothing to continue from, and nothing to lose.
        : parsed.GetValue(_overwrite) || (parsed.GetValue(_continue) && TrainingJob.IsIn(parsed.GetValue(_output) ?? ""))
            ? Training.Running.Resumption.Overwrite
        : Training.Running.Resumption.None;

    public TrainingJob Job(ParseResult parsed)
    {
        if (parsed.GetValue(_resume) is { } run)
            return ResumedJob(parsed, run);
        var data = parsed.GetValue(_data)
            ?? throw new UserErrorException("No data were given; name the dataset manifest with --data FILE.");
        var manifest = DatasetManifest.Load(data, parsed.GetValue(_dataRoot));
        manifest.Validate(checkHashes: false);
        var photographs = manifest as PhotographManifest;
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(_output) ?? "dry-run"));
        var job = new TrainingJob
        {
            Data = Path.GetFullPath(data),
            DataRoot = parsed.GetValue(_dataRoot) is { } root ? Path.GetFullPath(root) : null,
            DataSha256 = FileHash.OfFile(data),
            Name = parsed.GetValue(_name) ?? Path.GetFileName(folder),
            TargetModality = parsed.GetValue(_target) ?? photographs?.TargetModality ?? "CT",
            AssistantModality = parsed.GetValue(_assistant) ?? photographs?.AssistantModality ?? "MR",
            Fold = parsed.GetValue(_fold),
        };
        if (IsContinued(parsed))
            RequireSame(TrainingJob.Load(folder), job, folder, "--overwrite");
        return job;
    }

    public TrainingOptions Options(ParseResult parsed, TrainingJob job)
    {
        var options = parsed.GetValue(_resume) is { } run
            ? StrictJson.Load<TrainingOptions>(Path.Combine(run, TrainingRun.ConfigurationFile))
            : NewOptions(parsed, job);
        options = options with
        {
            Method = parsed.GetValue(_method) ?? options.Method,
            Iterations = parsed.GetValue(_iterations) ?? options.Iterations,
            Seed = parsed.GetValue(_seed) ?? options.Seed,
            Device = parsed.GetValue(_device) ?? options.Device,
            Precision = parsed.GetValue(_precision) ?? options.Precision,
            Threads = parsed.GetValue(_threads) ?? options.Threads,
            AverageDecay = parsed.GetValue(_averageDecay) ?? options.AverageDecay,
            EventIterations = parsed.GetValue(_eventIterations) ?? options.EventIterations,
            Validation = new()
            {
                Iterations = parsed.GetValue(_validationIterations) ?? options.Validation.Iterations,
                Cases = parsed.GetValue(_validationCases) ?? options.Validation.Cases,
            },
        };
        return parsed.GetValue(_locatorIterations) switch
        {
            null => options,
            0 => options with { Locator = null },
            var iterations => options with { Locator = (options.Locator ?? new()) with { Iterations = iterations.Value } },
        };
    }

    private TrainingOptions NewOptions(ParseResult parsed, TrainingJob job)
    {
        var preset = parsed.GetValue(_preset);
        var options = parsed.GetValue(_configuration) is { } file
            ? TrainingPresets.Load(file, preset)
            : TrainingPresets.Find(preset ?? TrainingPresets.Default);
        options = options with
        {
            EventIterations = options.EventIterations > 0 ? options.EventIterations : UsualEventIterations,
            Locator = parsed.GetValue(_locatorFrom) is null ? options.Locator ?? new() : null,
        };
        return DatasetManifest.Load(job.Data, job.DataRoot) is PhotographManifest photographs
            ? options.ForPhotographs(photographs.Channels)
            : options;
    }

    // Whether --continue finds something to continue: without a configuration no iteration was done.
    private bool IsContinued(ParseResult parsed) => parsed.GetValue(_continue)
        && parsed.GetValue(_output) is { } run
        && TrainingJob.IsIn(run)
        && File.Exists(Path.Combine(run, TrainingRun.ConfigurationFile));

    private bool StartsNew(ParseResult parsed) => !IsDryRun(parsed) && !IsProfile(parsed)
        && !parsed.GetValue(_overwrite) && !parsed.GetValue(_continue);

    private TrainingJob ResumedJob(ParseResult parsed, string run)
    {
        var begun = TrainingJob.Load(run);
        var now = begun with
        {
            Data = parsed.GetValue(_data) is { } data ? Path.GetFullPath(data) : begun.Data,
            DataRoot = parsed.GetValue(_dataRoot) is { } root ? Path.GetFullPath(root) : begun.DataRoot,
            Name = parsed.GetValue(_name) ?? begun.Name,
            TargetModality = parsed.GetValue(_target) ?? begun.TargetModality,
            AssistantModality = parsed.GetValue(_assistant) ?? begun.AssistantModality,
            Fold = parsed.GetValue(_fold) ?? begun.Fold,
        };
        if (!File.Exists(now.Data))
        {
            throw new UserErrorException(
                $"The run in {run} was trained on {now.Data}, which is not there any more; name the manifest with --data.");
        }

        now = now with { DataSha256 = FileHash.OfFile(now.Data) };
        if (!parsed.GetValue(_acceptChanges))
            RequireSame(begun, now, run, "--accept-changes");
        return now;
    }

    // Data may have moved; they may not be others.
    private static void RequireSame(TrainingJob begun, TrainingJob now, string run, string wayOut)
    {
        var changes = JsonDifferences.Between(begun with { Data = now.Data, DataRoot = now.DataRoot }, now);
        if (changes.Count > 0)
        {
            throw new UserErrorException(
                $"The run in {run} was begun on something else ({string.Join("; ", changes)}); choose another folder, or add "
                + $"{wayOut}.");
        }
    }
}
