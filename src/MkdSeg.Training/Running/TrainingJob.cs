using MkdSeg.Datasets;

namespace MkdSeg.Training.Running;

/// <summary>
/// What is trained on what: all that a training needs besides its options. It is saved in the run folder, so that a run can
/// go on without being told again.
/// </summary>
/// <example>
/// <code>
/// var job = new TrainingJob { Data = "data/phantom/dataset.json", Name = "heart" };
/// var bundle = job.Run(TrainingPresets.Phantom with { Method = "mkd" }, "runs/heart");
/// </code>
/// </example>
public sealed record TrainingJob
{
    /// <summary>Its file in the run folder.</summary>
    public const string FileName = "plan.json";

    /// <summary>Folder of the bundle in the run folder.</summary>
    public const string BundleFolder = "bundle";

    // What a new training must not find where an old one was, and what it would otherwise append to or leave behind.
    private static readonly string[] Outputs =
    [
        FileName, BundleFolder, TrainingRun.ConfigurationFile, TrainingRun.CheckpointsFolder, TrainingRun.LastFolder,
        TrainingRun.MetricsFile, LocatorTraining.MetricsFile, Logging.ValidationLog.FileName, Logging.EventLog.FolderName,
    ];

    /// <summary>The dataset manifest's path.</summary>
    public required string Data { get; init; }

    /// <summary>Where the manifest's files lie; null: beside it.</summary>
    public string? DataRoot { get; init; }

    /// <summary>
    /// SHA-256 of the manifest, so that a run does not go on over another data set; <see cref="Run"/> fills it in.
    /// </summary>
    public string DataSha256 { get; init; } = "";

    /// <summary>Folder or zip of a bundle whose weights the networks begin with; null for random ones.</summary>
    public string? From { get; init; }

    /// <summary>With <see cref="From"/>, another bundle whose S_real S_syn begins with, so that two experts meet; null for none.</summary>
    public string? SynFrom { get; init; }

    /// <summary>The bundle's name.</summary>
    public required string Name { get; init; }

    /// <summary>The modality that is segmented.</summary>
    public string TargetModality { get; init; } = "CT";

    /// <summary>The modality that helps.</summary>
    public string AssistantModality { get; init; } = "MR";

    /// <summary>The fold whose target cases are left out; null: the split "train".</summary>
    public int? Fold { get; init; }

    /// <summary>Whether a training was begun in a folder.</summary>
    public static bool IsIn(string runFolder) => File.Exists(Path.Combine(runFolder, FileName));

    /// <summary>The job of a run's folder.</summary>
    /// <exception cref="UserErrorException">There is none, or it cannot be read.</exception>
    public static TrainingJob Load(string runFolder) => IsIn(runFolder)
        ? StrictJson.Load<TrainingJob>(Path.Combine(runFolder, FileName))
        : throw new UserErrorException(
            $"{runFolder} has no {FileName}, so no training was begun there; name the folder of a run that was stopped.");

    /// <summary>Trains, or goes on where a training stopped, and exports the model bundle into the run's folder.</summary>
    /// <param name="options">The effective options.</param>
    /// <param name="runFolder">The run's folder; locked while the training runs.</param>
    /// <param name="progress">Told what happens: <see cref="WorkInfo"/> and <see cref="WorkProgress"/>.</param>
    /// <param name="resume">What to do with a run that is there.</param>
    /// <param name="cancellation">Stops between two iterations, after saving a checkpoint.</param>
    /// <exception cref="UserErrorException">
    /// Options or data that do not fit, a folder that holds a run already or is in use, or a training that broke down.
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
                $"{runFolder} holds a training already; resume it, or train into another folder.");
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
    /// Reads the data, builds the networks and does an iteration, and writes nothing: whether a training would work, and
    /// what it would take.
    /// </summary>
    /// <param name="options">The effective options.</param>
    /// <param name="progress">Told what happens.</param>
    /// <exception cref="UserErrorException">What would stop the training.</exception>
    public TrainingEstimate Estimate(TrainingOptions options, IProgress<WorkEvent>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (source, data) = Open(options);
        return TrainingRun.Estimate(source, data, progress ?? new Progress());
    }

    /// <summary>Where the time of an iteration goes, by network and kind of layer, as a table; writes nothing.</summary>
    /// <param name="options">The effective options; a method of several stages is measured in its first one.</param>
    /// <param name="iterations">Iterations to measure.</param>
    /// <param name="progress">Told what happens.</param>
    /// <exception cref="UserErrorException">What would stop the training.</exception>
    public string Profile(TrainingOptions options, int iterations = 10, IProgress<WorkEvent>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        var (source, data) = Open(options);
        return TrainingRun.Profile(source, data, iterations, progress ?? new Progress());
    }

    /// <summary>The cases, none of them read yet.</summary>
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
                $"Fold {Fold} was asked for, but {manifest.Name} is made of photographs, which have no folds."),
            PhotographManifest photographs => TrainingData.OfPhotographs(
                options, Photographs(photographs, TargetModality), Photographs(photographs, AssistantModality)),
            _ => throw new UserErrorException($"{manifest.Name}: this kind of data set cannot be trained on."),
        });
    }

    // Read one after the other: what training keeps of them are the slices it cuts.
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
                $"Validation was asked for, but {manifest.Name} has no {TargetModality} case of the split 'validation', and "
                + $"{aside} of its {train.Length} training cases are to be set aside; set 1 to {train.Length - 1} aside.");
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

/// <summary>What a training does with a run that its folder holds already.</summary>
public enum Resumption
{
    /// <summary>Refuses: a new training needs a folder without one.</summary>
    None,

    /// <summary>Goes on from the last checkpoint; options that decide the weights and differ from before are an error.</summary>
    Same,

    /// <summary>Goes on even with other options; the result then matches neither configuration.</summary>
    Changed,

    /// <summary>Deletes it and begins anew.</summary>
    Overwrite,
}

/// <summary>What a training would take, from one iteration of it.</summary>
/// <param name="Device">Where it would run.</param>
/// <param name="TargetSlices">Slices of the target modality.</param>
/// <param name="AssistantSlices">Slices of the assistant modality; 0 for a method that uses none.</param>
/// <param name="Networks">Each network's role and its number of trainable parameters.</param>
/// <param name="Iterations">Iterations of all stages.</param>
/// <param name="SecondsPerIteration">Time of an iteration.</param>
/// <param name="MemoryGb">Memory of the process after it, which is what the training needs.</param>
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
