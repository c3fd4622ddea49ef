using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Training.Bundles;

namespace MkdSeg.Training;

/// <summary>
/// What is trained on what: all that a run needs besides its options. It lies in the run folder, so that a run can go on
/// without being told again.
/// </summary>
public sealed record TrainingPlan
{
    /// <summary>Its file in the run folder.</summary>
    public const string FileName = "plan.json";

    /// <summary>Folder of the bundle in the run folder.</summary>
    public const string BundleFolder = "bundle";

    /// <summary>The dataset manifest's path.</summary>
    public required string Data { get; init; }

    /// <summary>Where the manifest's files lie; null: beside it.</summary>
    public string? DataRoot { get; init; }

    /// <summary>SHA-256 of the manifest: a run does not go on over another data set.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>The bundle's name.</summary>
    public required string Name { get; init; }

    /// <summary>The modality that is segmented.</summary>
    public required string TargetModality { get; init; }

    /// <summary>The modality that helps.</summary>
    public required string AssistantModality { get; init; }

    /// <summary>The fold whose target cases are left out; null: the split "train".</summary>
    public int? Fold { get; init; }

    /// <summary>The plan in a run's folder.</summary>
    /// <exception cref="UserErrorException">There is none, or it cannot be read.</exception>
    public static TrainingPlan Load(string runFolder)
    {
        var path = Path.Combine(runFolder, FileName);
        return File.Exists(path)
            ? StrictJson.Load<TrainingPlan>(path)
            : throw new UserErrorException(
                $"{runFolder} has no {FileName}, so no training was begun there; name the folder that --out named.");
    }

    /// <summary>Trains, or goes on where a training stopped.</summary>
    /// <param name="options">The effective options.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="resume">Whether, and how strictly, to go on from what is there.</param>
    /// <param name="cancellation">Stops between two iterations.</param>
    /// <exception cref="UserErrorException">Options or data that do not fit, or a training that broke down.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public ModelBundle Execute(
        TrainingOptions options,
        string runFolder,
        ITrainingProgress progress,
        Resumption resume = Resumption.None,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var manifest = DatasetManifest.Load(Data, DataRoot);
        var source = Source(manifest, options);
        StrictJson.Save(Path.Combine(runFolder, FileName), this);
        var bundle = Path.Combine(runFolder, BundleFolder);
        switch (manifest)
        {
            case VolumeManifest volumes:
                return TrainingRun.Execute(
                    source,
                    Volumes(volumes, options),
                    runFolder,
                    bundle,
                    progress,
                    resume,
                    cancellation);
            case PhotographManifest photographs:
                return TrainingRun.Execute(
                    source,
                    Photographs(photographs, TargetModality),
                    Photographs(photographs, AssistantModality),
                    runFolder,
                    bundle,
                    progress,
                    resume,
                    cancellation);
            default:
                throw NotTrainable(manifest);
        }
    }

    /// <summary>
    /// Reads the data, builds the networks and does an iteration, and writes nothing: whether a training would work, and
    /// what it would take.
    /// </summary>
    /// <param name="options">The effective options.</param>
    /// <param name="progress">Told what happens.</param>
    /// <exception cref="UserErrorException">What would stop the training.</exception>
    public TrainingEstimate Estimate(TrainingOptions options, ITrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(options);
        var manifest = DatasetManifest.Load(Data, DataRoot);
        var source = Source(manifest, options);
        switch (manifest)
        {
            case VolumeManifest volumes:
                return TrainingRun.Estimate(source, Volumes(volumes, options), progress);
            case PhotographManifest photographs:
                return TrainingRun.Estimate(
                    source,
                    Photographs(photographs, TargetModality),
                    Photographs(photographs, AssistantModality),
                    progress);
            default:
                throw NotTrainable(manifest);
        }
    }

    private TrainingSource Source(DatasetManifest manifest, TrainingOptions options)
    {
        if (manifest is PhotographManifest && Fold is not null)
        {
            throw new UserErrorException(
                $"--fold was given, but {manifest.Name} is made of photographs, which have no folds; leave it out.");
        }

        return new(Name, TargetModality, AssistantModality, manifest.LabelSet, options)
        {
            TakesPhotographs = manifest is PhotographManifest,
        };
    }

    // Read one after the other: what training keeps of them are the slices it cuts.
    private TrainingVolumes Volumes(VolumeManifest manifest, TrainingOptions options)
    {
        var (train, validation) = TargetCases(manifest, options);
        var reader = new DatasetReader(manifest);
        return new(
            train.Select(reader.Read),
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

    private static UserErrorException NotTrainable(DatasetManifest manifest) =>
        new($"{manifest.Name}: nothing can be trained on this kind of data set.");
}
