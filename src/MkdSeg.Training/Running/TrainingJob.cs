using MkdSeg.Datasets;

namespace MkdSeg.Training.Running;

/// <summary>
/// What is trained on which data: everything that training needs in addition to its options. It is saved in the run folder,
/// so that a run can resume without it being specified again.
/// </summary>
/// <example>
/// <code>
/// var job = new TrainingJob { Data = "data/phantom/dataset.json", Name = "heart" };
/// var bundle = job.Run(TrainingPresets.Phantom with { Method = "mkd" }, "runs/heart");
/// </code>
/// </example>
public sealed record TrainingJob
{
    /// <summary>The job's file in the run folder.</summary>
    public const string FileName = "plan.json";

    /// <summary>Folder of the bundle in the run folder.</summary>
    public const string BundleFolder = "bundle";

    // Outputs of an earlier run that a new one must not find, or would otherwise append to or leave behind.
    private static readonly string[] Outputs =
    [
        FileName, BundleFolder, TrainingRun.ConfigurationFile, TrainingRun.CheckpointsFolder, TrainingRun.LastFolder,
        TrainingRun.MetricsFile, LocatorTraining.MetricsFile, Logging.ValidationLog.FileName, Logging.EventLog.FolderName,
    ];

    /// <summary>The dataset manifest's path.</summary>
    public required string Data { get; init; }

    /// <summary>The folder of the manifest's files; null for the manifest's own folder.</summary>
    public string? DataRoot { get; init; }

    /// <summary>
    /// SHA-256 of the manifest, so that a run does not resume on another data set; <see cref="Run"/> fills it in.
    /// </summary>
    public string DataSha256 { get; init; } = "";

    /// <summary>Folder or zip of a bundle whose weights the networks start with; null for random weights.</summary>
    public string? From { get; init; }

    /// <summary>
    /// With <see cref="From"/>, another bundle whose S_real initialises S_syn, to combine two experts; null for none.
    /// </summary>
    public string? SynFrom { get; init; }

    /// <summary>The bundle's name.</summary>
    public required string Name { get; init; }

    /// <summary>The modality to segment.</summary>
    public string TargetModality { get; init; } = "CT";

    /// <summary>The modality that assists training.</summary>
    public string AssistantModality { get; init; } = "MR";

    /// <summary>The fold whose target cases are held out; null to use the split "train".</summary>
    public int? Fold { get; init; }

    /// <summary>Returns whether training was started in a folder.</summary>
    public static bool IsIn(string runFolder) => File.Exists(Path.Combine(runFolder, FileName));

    /// <summary>Loads the job of a run folder.</summary>
    /// <exception cref="UserErrorException">There is no job, or it cannot be read.</exception>
    public static TrainingJob Load(string runFolder) => IsIn(runFolder)
        ? StrictJson.Load<TrainingJob>(Path.Combine(runFolder, FileName))
        : throw new UserErrorException(
            $"{runFolder} has no {FileName}, so no training was started there; name the folder of a stopped run.");

    /// <summary>Trains, or resumes a stopped run, and exports the model bundle into the run folder.</summary>
    /// <param name="options">The effective options.</param>
    /// <param name="runFolder">The run folder; locked during training.</param>
    /// <param name="progress">Receives <see cref="WorkInfo"/> and <see cref="WorkProgress"/>.</param>
    /// <param name="resume">What to do with an existing run.</param>
    /// <param name="cancellation">Stops between two iterations, after saving a checkpoint.</param>
    /// <exception cref="UserErrorException">
    /// Options or data do not fit, the folder already contains a run or is in use, or training failed.
    /// </exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public ModelBundle Run(
        TrainingOptions options,
        string runFolder,
        IProgress<WorkEvent>? progress = null,
        Resumption resume = Resumption.None,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        progress ??= new Progress();
        if (resume == Resumption.None && IsIn(runFolder))
        {
            throw new UserErrorException(
                $"{runFolder} already contains a training run; resume it, or train into another folder.");
        }

        var (source, data) = Open(options);
        using var held = FolderLock.Take(runFolder, "training", other => other == "experiment");
        if (resume == Resumption.Overwrite)
            DeleteOutputs(runFolder);

        StrictJson.Save(Path.Combine(runFolder, FileName), this with { DataSha256 = FileHash.OfFile(Data) });
        var bundle = Path.Combine(runFolder, BundleFolder);
        return TrainingRun.Execute(source, data, runFolder, bundle, progress, resume, cancellation);
    }

    /// <summary>
    /// Reads the data, builds the networks and runs an iteration without writing anything, to find out whether training would
    /// work and what it would need.
    /// </summary>
    /// <param name="options">The effective options.</param>
    /// <param name="progress">Receives progress events.</param>
    /// <exception cref="UserErrorException">Training would fail.</exception>
    public TrainingEstimate Estimate(TrainingOptions options, IProgress<WorkEvent>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (source, data) = Open(options);
        return TrainingRun.Estimate(source, data, progress ?? new Progress());
    }

    /// <summary>Returns a table of the time of an iteration by network and kind of layer; writes nothing.</summary>
    /// <param name="options">The effective options; a method with several stages is measured in its first stage.</param>
    /// <param name="iterations">Iterations to measure.</param>
    /// <param name="progress">Receives progress events.</param>
    /// <exception cref="UserErrorException">Training would fail.</exception>
    public string Profile(TrainingOptions options, int iterations = 10, IProgress<WorkEvent>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        var (source, data) = Open(options);
        return TrainingRun.Profile(source, data, iterations, progress ?? new Progress());
    }

    /// <summary>Returns the cases, without reading them yet.</summary>
    internal (TrainingSource Source, TrainingData Data) Open(TrainingOptions options)
    {
        var manifest = DatasetManifest.Load(Data, DataRoot);
        var source = new TrainingSource(Name, TargetModality, AssistantModality, manifest.LabelSet, options)
        {
            TakesPhotographs = manifest is PhotographManifest,
            Start = From is null
                ? null
                : new(ModelBundle.Load(From), SynFrom is null ? null : ModelBundle.Load(SynFrom)),
        };
        return (source, manifest switch
        {
            VolumeManifest volumes => Volumes(volumes, options),
            PhotographManifest when Fold is not null => throw new UserErrorException(
                $"Fold {Fold} was requested, but {manifest.Name} contains photographs, which have no folds."),
            PhotographManifest photographs => TrainingData.OfPhotographs(
                options, Photographs(photographs, TargetModality), Photographs(photographs, AssistantModality)),
            _ => throw new UserErrorException($"{manifest.Name}: this kind of data set cannot be trained on."),
        });
    }

    // Read sequentially: training keeps only the slices that it cuts from them.
    private TrainingData Volumes(VolumeManifest manifest, TrainingOptions options)
    {
        var (train, validation) = TargetCases(manifest, options);
        var reader = new DatasetReader(manifest);
        return TrainingData.OfVolumes(
            options,
            train.Select(entry => options.SyntheticAppearance ? reader.ReadWithTissues(entry) : reader.Read(entry)),
            manifest.CasesOf(AssistantModality).Where(IsForTraining).Select(reader.Read),
            validation.Select(reader.Read));
    }

    private (IReadOnlyList<CaseEntry> Train, IReadOnlyList<CaseEntry> Validation) TargetCases(
        VolumeManifest manifest, TrainingOptions options)
    {
        CaseEntry[] train =
        [
            .. Fold is { } fold
                ? manifest.SplitByFold(fold).Train.Where(entry => entry.Modality == TargetModality)
                : manifest.CasesOf(TargetModality).Where(IsForTraining),
        ];
        if (options.Validation.Iterations == 0)
            return (train, []);
        var own = manifest.CasesOf(TargetModality, "validation");
        if (own.Count > 0)
            return (train, own);
        var aside = options.Validation.Cases;
        if (aside == 0 || aside >= train.Length)
        {
            throw new UserErrorException(
                $"Validation was requested, but {manifest.Name} has no {TargetModality} case in the split 'validation', and "
                + $"{aside} of its {train.Length} training cases are to be set aside; set aside 1 to {train.Length - 1}.");
        }

        return (train[..^aside], train[^aside..]);
    }

    private static IEnumerable<LabelledPhotograph> Photographs(PhotographManifest manifest, string modality) =>
        manifest.CasesOf(modality).Where(entry => entry.Split is null or "train")
            .Select(new PhotographReader(manifest).Read);

    private static bool IsForTraining(CaseEntry entry) => entry.Split is null or "train";

    private static void DeleteOutputs(string runFolder)
    {
        foreach (var path in Outputs.Select(name => Path.Combine(runFolder, name)))
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
    }

    // Progress<T> would report on other threads, in any order.
    private sealed class Progress : IProgress<WorkEvent>
    {
        public void Report(WorkEvent value)
        {
        }
    }
}

/// <summary>What training does with an existing run in its folder.</summary>
public enum Resumption
{
    /// <summary>Fails: a new run needs a folder without an existing one.</summary>
    None,

    /// <summary>Resumes from the last checkpoint; changed options that affect the weights are an error.</summary>
    Same,

    /// <summary>Resumes even with other options; the result then matches neither configuration.</summary>
    Changed,

    /// <summary>Deletes the run and starts again.</summary>
    Overwrite,
}

/// <summary>What a training run would need, estimated from one iteration.</summary>
/// <param name="Device">The device it would run on.</param>
/// <param name="TargetSlices">Slices of the target modality.</param>
/// <param name="AssistantSlices">Slices of the assistant modality; 0 for a method that uses none.</param>
/// <param name="Networks">Each network's role and its number of trainable parameters.</param>
/// <param name="Iterations">Iterations of all stages.</param>
/// <param name="SecondsPerIteration">Time per iteration.</param>
/// <param name="MemoryGb">Memory of the process after the iteration, which is what training needs.</param>
public sealed record TrainingEstimate(
    string Device,
    int TargetSlices,
    int AssistantSlices,
    IReadOnlyList<(string Role, long Parameters)> Networks,
    long Iterations,
    double SecondsPerIteration,
    double MemoryGb)
{
    /// <summary>Time of all iterations.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(SecondsPerIteration * Iterations);
}
