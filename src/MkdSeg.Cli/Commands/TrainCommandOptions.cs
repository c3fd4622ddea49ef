using System.CommandLine;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Commands;

/// <summary>
/// The options of <c>mkdseg train</c>. What is given on the command line overrides a configuration file, which overrides a
/// preset; in a run that goes on it overrides what the run was begun with.
/// </summary>
internal sealed class TrainCommandOptions
{
    private const int UsualEventIterations = 50;

    private readonly Option<string?> _data = new("--data") { Description = "The dataset manifest (.json)." };

    private readonly Option<string?> _dataRoot = new("--data-root")
    {
        Description = "Where the manifest's files lie; default: beside the manifest.",
    };

    private readonly Option<string?> _output = new("--out") { Description = "Folder of the run." };

    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Folder of a run that was stopped: goes on from its last checkpoint. Nothing else is needed.",
    };

    private readonly Option<bool> _acceptChanges = new("--accept-changes")
    {
        Description = "With --resume: go on even with other options than the run was begun with.",
    };

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "With --out: delete a run that is there and begin anew.",
    };

    private readonly Option<bool> _profile = new("--profile")
    {
        Description = "Do a few iterations and print seconds and GFLOP/s by network and kind of layer; write nothing.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Check data, options and device, do an iteration, say what the training would take; write nothing.",
    };

    private readonly Option<string?> _method = new("--method")
    {
        Description = "The method's name; mkdseg methods lists them. [default: mkd]",
    };

    private readonly Option<string?> _preset = new("--preset")
    {
        Description =
            $"{string.Join(", ", TrainingPresets.All.Keys)}. [default: {TrainingPresets.Default}]",
    };

    private readonly Option<string?> _configuration = new("--config")
    {
        Description = "A file of options (.json) that differ from a preset; it may name the preset. See docs/training.md.",
    };

    private readonly Option<int?> _iterations = new("--iterations") { Description = "Instead of the preset's." };

    private readonly Option<string?> _target = new("--target-modality")
    {
        Description = "The modality to segment; default: CT, or what a manifest of photographs says.",
    };

    private readonly Option<string?> _assistant = new("--assistant-modality")
    {
        Description = "The modality that helps; default: MR, or what a manifest of photographs says.",
    };

    private readonly Option<int?> _fold = new("--fold")
    {
        Description = "Cross-validation: leave out the target cases of this fold. Default: train on the split 'train'.",
    };

    private readonly Option<int?> _locatorIterations = new("--locator-iterations")
    {
        Description = "Updates of the network that finds the heart in whole volumes; 0 trains none. "
            + $"[default: {new LocatorOptions().Iterations}]",
    };

    private readonly Option<string?> _locatorFrom = new("--locator-from")
    {
        Description = "A bundle whose locator is taken over instead of training one.",
    };

    private readonly Option<int?> _validationIterations = new("--validation-iterations")
    {
        Description = "Iterations between two validations; the best model is exported. [default: none, the last model]",
    };

    private readonly Option<int?> _validationCases = new("--validation-cases")
    {
        Description = "Target cases to set aside for validation where the manifest has no split 'validation'.",
    };

    private readonly Option<double?> _averageDecay = new("--average-decay")
    {
        Description = "Export a moving average of the segmentors' weights with this decay, such as 0.99. [default: none]",
    };

    private readonly Option<int?> _eventIterations = new("--event-iterations")
    {
        Description = $"Iterations between two entries for TensorBoard; 0 for none. [default: {UsualEventIterations}]",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "The bundle's name; default: the run folder's.",
    };

    private readonly Option<ulong?> _seed = new("--seed")
    {
        Description = "The same seed gives the same weights on the same machine with as many threads. [default: 1]",
    };

    private readonly Option<DeviceKind?> _device = new("--device") { Description = "auto, cpu, or cuda. [default: auto]" };

    private readonly Option<Precision?> _precision = new("--precision")
    {
        Description = "fp32, or mixed for convolutions in bfloat16; see docs/gpu.md. [default: fp32]",
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads of the engine; 0: one per core. [default: 0]",
    };

    /// <summary>Adds the options to the command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])
            [
                _data, _dataRoot, _output, _resume, _acceptChanges, _overwrite, _dryRun, _profile, _method, _preset, _configuration, _iterations,
                _target, _assistant, _fold, _locatorIterations, _locatorFrom, _validationIterations, _validationCases,
                _averageDecay, _eventIterations, _name, _seed, _device, _precision, _threads,
            ])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether nothing is to be written.</summary>
    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    /// <summary>Whether to say where the time of an iteration goes instead of training.</summary>
    public bool IsProfile(ParseResult parsed) => parsed.GetValue(_profile);

    /// <summary>The bundle whose locator is taken over; null for none.</summary>
    public string? LocatorFrom(ParseResult parsed) => parsed.GetValue(_locatorFrom);

    /// <summary>The folder of the run.</summary>
    /// <exception cref="UserErrorException">None was given, or two.</exception>
    public string RunFolder(ParseResult parsed) => (parsed.GetValue(_resume), parsed.GetValue(_output)) switch
    {
        ({ } run, null) => run,
        (null, { } run) when TrainingJob.IsIn(run) && WritesAnew(parsed) => throw new UserErrorException(
            $"{run} holds a training already. Go on with --resume {run}, give another folder with --out, or add --overwrite "
            + "to delete it."),
        (null, { } run) => run,
        (null, null) when IsDryRun(parsed) || IsProfile(parsed) => "",
        (null, null) => throw new UserErrorException(
            "Where is the run? Give --out FOLDER for a new one, or --resume FOLDER for one that was stopped."),
        _ => throw new UserErrorException("Both --out and --resume were given; a run that goes on stays in its folder."),
    };

    /// <summary>How to go on from what the run folder holds.</summary>
    public Resumption Resumption(ParseResult parsed) => parsed.GetValue(_resume) is null
        ? parsed.GetValue(_overwrite) ? MkdSeg.Training.Running.Resumption.Overwrite : MkdSeg.Training.Running.Resumption.None
        : parsed.GetValue(_acceptChanges)
            ? MkdSeg.Training.Running.Resumption.Changed
            : MkdSeg.Training.Running.Resumption.Same;

    /// <summary>What is trained on what.</summary>
    /// <exception cref="UserErrorException">
    /// No data were given, or a run that goes on would be trained on something else.
    /// </exception>
    public TrainingJob Plan(ParseResult parsed)
    {
        if (parsed.GetValue(_resume) is { } run)
            return PlanOf(parsed, run);
        var data = parsed.GetValue(_data)
            ?? throw new UserErrorException("On what? Give the dataset manifest with --data FILE.");
        var manifest = DatasetManifest.Load(data, parsed.GetValue(_dataRoot));
        manifest.Validate(checkHashes: false);
        var photographs = manifest as PhotographManifest;
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(_output) ?? "dry-run"));
        return new()
        {
            Data = Path.GetFullPath(data),
            DataRoot = parsed.GetValue(_dataRoot) is { } root ? Path.GetFullPath(root) : null,
            DataSha256 = FileHash.OfFile(data),
            Name = parsed.GetValue(_name) ?? Path.GetFileName(folder),
            TargetModality = parsed.GetValue(_target) ?? photographs?.TargetModality ?? "CT",
            AssistantModality = parsed.GetValue(_assistant) ?? photographs?.AssistantModality ?? "MR",
            Fold = parsed.GetValue(_fold),
        };
    }

    /// <summary>The effective options.</summary>
    /// <exception cref="UserErrorException">A preset or file that cannot be used.</exception>
    public TrainingOptions Options(ParseResult parsed, TrainingJob plan)
    {
        var options = parsed.GetValue(_resume) is { } run
            ? StrictJson.Load<TrainingOptions>(Path.Combine(run, TrainingRun.ConfigurationFile))
            : Usual(parsed, plan);
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
            var updates => options with { Locator = (options.Locator ?? new()) with { Iterations = updates.Value } },
        };
    }

    // What a new training has unless told otherwise.
    private TrainingOptions Usual(ParseResult parsed, TrainingJob plan)
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
        return DatasetManifest.Load(plan.Data, plan.DataRoot) is PhotographManifest photographs
            ? options.ForPhotographs(photographs.Channels)
            : options;
    }

    private bool WritesAnew(ParseResult parsed) =>
        !IsDryRun(parsed) && !IsProfile(parsed) && !parsed.GetValue(_overwrite);

    private TrainingJob PlanOf(ParseResult parsed, string run)
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
                $"The data of the run in {run} are not at {now.Data} any more; say with --data where the manifest lies now.");
        }

        now = now with { DataSha256 = FileHash.OfFile(now.Data) };
        // Data may have moved; they may not be others.
        var changes = JsonDifferences.Between(begun with { Data = now.Data, DataRoot = now.DataRoot }, now);
        return changes.Count == 0 || parsed.GetValue(_acceptChanges)
            ? now
            : throw new UserErrorException(
                $"The run in {run} was begun on something else ({string.Join("; ", changes)}); train into another folder, or "
                + "add --accept-changes.");
    }
}
