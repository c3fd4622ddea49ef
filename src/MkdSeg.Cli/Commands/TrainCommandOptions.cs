namespace MkdSeg.Cli.Commands;

/// <summary>
/// The options of <c>mkdseg train</c>. Options on the command line override a configuration file, which overrides a preset;
/// in a resumed run, they override the run's original options.
/// </summary>
internal sealed class TrainCommandOptions(Command command)
{
    private const int UsualEventIterations = 50;

    private readonly Option<string?> _data = Add<string?>(command, "--data", "The dataset manifest (.json).");
    private readonly Option<string?> _dataRoot = Add<string?>(command, "--data-root",
        "Folder of the manifest's files; default: the manifest's own.");
    private readonly Option<string?> _output = Add<string?>(command, "--out",
        "Folder of the new run; refused if it already contains a run.");
    private readonly Option<string?> _resume = Add<string?>(command, "--resume",
        "Folder of a stopped run: continue from its last checkpoint. No other option is needed.");
    private readonly Option<bool> _continue = Add<bool>(command, "--continue",
        "With --out: continue the run in that folder if it was started with the same options.");
    private readonly Option<bool> _overwrite = Add<bool>(command, "--overwrite",
        "With --out: delete the run in that folder and start over.");
    private readonly Option<bool> _acceptChanges = Add<bool>(command, "--accept-changes",
        "With --resume: continue even if options have changed.");
    private readonly Option<bool> _dryRun = Add<bool>(command, "--dry-run",
        "Check data, options and device, run one iteration, estimate time and memory; write nothing.");
    private readonly Option<bool> _profile = Add<bool>(command, "--profile",
        "Run a few iterations and print seconds and GFLOP/s by network and layer type; write nothing.");
    private readonly Option<string?> _method = Add<string?>(command, "--method",
        "Name of the method; mkdseg methods lists them. [default: mkd]");
    private readonly Option<string?> _preset = Add<string?>(command, "--preset",
        $"{string.Join(", ", TrainingPresets.All.Keys)}. [default: {TrainingPresets.Default}]");
    private readonly Option<string?> _configuration = Add<string?>(command, "--config",
        "A file (.json) with options that differ from a preset; it may name the preset. See docs/training.md.");
    private readonly Option<int?> _iterations = Add<int?>(command, "--iterations",
        "Number of iterations, instead of the preset's.");
    private readonly Option<string?> _from = Add<string?>(command, "--from",
        "Start from the weights and options of this bundle, and copy its locator: a few cases of your own go a long way. "
        + "Without assistant cases, the method is baseline.");
    private readonly Option<string?> _synFrom = Add<string?>(command, "--from-syn",
        "With --from: initialise S_syn with the segmentor of this other bundle, so that two experts teach each other.");
    private readonly Option<string?> _target = Add<string?>(command, "--target-modality",
        "The modality to segment; default: CT, or the one a photograph manifest names.");
    private readonly Option<string?> _assistant = Add<string?>(command, "--assistant-modality",
        "The modality that assists; default: MR, or the one a photograph manifest names.");
    private readonly Option<int?> _fold = Add<int?>(command, "--fold",
        "Cross-validation: hold out the target cases of this fold. Default: train on the split 'train'.");
    private readonly Option<int?> _locatorIterations = Add<int?>(command, "--locator-iterations",
        "Iterations of the network that finds the heart in whole volumes; 0 trains none. "
        + $"[default: {new LocatorOptions().Iterations}]");
    private readonly Option<string?> _locatorFrom = Add<string?>(command, "--locator-from",
        "Copy the locator of this bundle instead of training one.");
    private readonly Option<int?> _validationIterations = Add<int?>(command, "--validation-iterations",
        "Iterations between validations; the best model is exported. [default: no validation, the last model]");
    private readonly Option<int?> _validationCases = Add<int?>(command, "--validation-cases",
        "Target cases to set aside for validation if the manifest has no split 'validation'.");
    private readonly Option<double?> _averageDecay = Add<double?>(command, "--average-decay",
        "Export a moving average of the segmentors' weights with this decay, e.g. 0.99. [default: none]");
    private readonly Option<int?> _eventIterations = Add<int?>(command, "--event-iterations",
        $"Iterations between TensorBoard entries; 0 for none. [default: {UsualEventIterations}]");
    private readonly Option<string?> _name = Add<string?>(command, "--name",
        "Name of the bundle; default: the run folder's.");
    private readonly Option<ulong?> _seed = Add<ulong?>(command, "--seed",
        CommonOptions.SeedDescription + " [default: 1]");
    private readonly Option<DeviceKind?> _device = Add<DeviceKind?>(command, "--device",
        "auto, cpu, or cuda. [default: auto]");
    private readonly Option<Precision?> _precision = Add<Precision?>(command, "--precision",
        "fp32, or mixed for convolutions in bfloat16; see docs/gpu.md. [default: fp32]");
    private readonly Option<int?> _threads = Add<int?>(command, "--threads",
        "Number of engine threads; 0: one per core. [default: 0]");

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    public bool IsProfile(ParseResult parsed) => parsed.GetValue(_profile);

    /// <summary>The bundle whose locator is copied; null for none.</summary>
    public string? LocatorFrom(ParseResult parsed) => parsed.GetValue(_locatorFrom)
        ?? (parsed.GetValue(_locatorIterations) is null ? parsed.GetValue(_from) : null);

    /// <summary>The folder of the run; empty if nothing is written.</summary>
    public string RunFolder(ParseResult parsed) => (parsed.GetValue(_resume), parsed.GetValue(_output)) switch
    {
        ({ } run, null) => run,
        (null, { } run) when TrainingJob.IsIn(run) && StartsNew(parsed) => throw new UserErrorException(
            $"{run} already contains a training run. Continue it with --resume {run}, choose another folder with --out, or add "
            + "--overwrite to delete it."),
        (null, { } run) => run,
        (null, null) when IsDryRun(parsed) || IsProfile(parsed) => "",
        (null, null) => throw new UserErrorException(
            "No run folder was given; name one with --out for a new run, or with --resume for a stopped one."),
        _ => throw new UserErrorException("Both --out and --resume were given; a resumed run stays in its folder."),
    };

    /// <summary>What to do with a run that is already in the folder.</summary>
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
            From = parsed.GetValue(_from) is { } start ? Path.GetFullPath(start) : null,
            SynFrom = (parsed.GetValue(_synFrom), parsed.GetValue(_from)) switch
            {
                (null, _) => null,
                (_, null) => throw new UserErrorException("--from-syn needs --from, which initialises the other networks."),
                var (syn, _) => Path.GetFullPath(syn),
            },
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
        var manifest = DatasetManifest.Load(job.Data, job.DataRoot);
        // Only if no preset is named: a bundle need not record how it was trained.
        Func<TrainingOptions>? start = job.From is { } from ? () => OptionsOf(ModelBundle.Load(from), manifest, job) : null;
        var options = parsed.GetValue(_configuration) is { } file ? TrainingPresets.Load(file, preset, start)
            : preset is not null ? TrainingPresets.Find(preset)
            : start?.Invoke() ?? TrainingPresets.Find(TrainingPresets.Default);
        options = options with
        {
            EventIterations = options.EventIterations > 0 ? options.EventIterations : UsualEventIterations,
            Locator = LocatorFrom(parsed) is null ? options.Locator ?? new() : null,
        };
        return manifest is PhotographManifest photographs
            ? options.ForPhotographs(photographs.Channels)
            : options;
    }

    private static TrainingOptions OptionsOf(ModelBundle start, DatasetManifest manifest, TrainingJob job)
    {
        var options = TrainingOptions.ContinuedFrom(start);
        var hasAssistant = manifest is not VolumeManifest volumes || volumes.CasesOf(job.AssistantModality).Count > 0;
        return hasAssistant ? options : options with { Method = "baseline" };
    }

    // Whether --continue finds a run to continue: without a configuration, no iteration was done.
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
                $"The run in {run} was trained on {now.Data}, which no longer exists; name the manifest with --data.");
        }

        now = now with { DataSha256 = FileHash.OfFile(now.Data) };
        if (!parsed.GetValue(_acceptChanges))
            RequireSame(begun, now, run, "--accept-changes");
        return now;
    }

    // The data may have moved, but must not have changed.
    private static void RequireSame(TrainingJob begun, TrainingJob now, string run, string wayOut)
    {
        var changes = JsonDifferences.Between(begun with { Data = now.Data, DataRoot = now.DataRoot }, now);
        if (changes.Count > 0)
        {
            throw new UserErrorException(
                $"The run in {run} was started differently ({string.Join("; ", changes)}); choose another folder, or add "
                + $"{wayOut}.");
        }
    }

    private static Option<T> Add<T>(Command command, string name, string description)
    {
        var option = CommonOptions.New<T>(name, description);
        command.Options.Add(option);
        return option;
    }
}
