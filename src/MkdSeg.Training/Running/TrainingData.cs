using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Running;

/// <summary>What a training makes of its cases. Each case is read when it is enumerated, and only what is cut from it is kept.</summary>
internal sealed record TrainingData(
    IEnumerable<TrainingCase> Target, IEnumerable<TrainingCase> Assistant, IEnumerable<ValidationVolume> Validation)
{
    /// <summary>Filled with the locator's view of target volumes as these are read; null trains no locator.</summary>
    public List<LocatorCase>? LocatorCases { get; init; }

    /// <summary>Annotated volumes: the assistant's are not read by methods that use none.</summary>
    public static TrainingData OfVolumes(
        TrainingOptions options,
        IEnumerable<LabelledVolume> target,
        IEnumerable<LabelledVolume> assistant,
        IEnumerable<LabelledVolume>? validation = null)
    {
        var locator = options.Locator?.For(options.Target);
        var locatorCases = locator is null ? null : new List<LocatorCase>();
        return new(
            target.Select(volume =>
            {
                locatorCases?.Add(LocatorCase.Of(volume.Image, ClassesOf(volume), locator!.Settings));
                return Cut(volume, options.Target);
            }),
            assistant.Select(volume => Cut(volume, options.Assistant)),
            (validation ?? []).Select(volume => Named(
                volume, classes => ValidationVolume.Of(volume.CaseId, volume.Image, classes, options.Target) with
                {
                    Warnings = volume.Warnings,
                })))
        {
            LocatorCases = locatorCases,
        };

        TrainingCase Cut(LabelledVolume volume, PreprocessingOptions preprocessing) => Named(volume, classes => volume.Tissues is { } tissues
            ? new TrainingCase(volume.Warnings, []) { Tissues = new(tissues, $"Case {volume.CaseId}") }
            : new(volume.Warnings, SlicePreparation.Cut(volume.Image, classes, preprocessing, options.FieldSide)));
    }

    /// <summary>Labelled photographs, which have neither validation nor locator.</summary>
    public static TrainingData OfPhotographs(
        TrainingOptions options, IEnumerable<LabelledPhotograph> target, IEnumerable<LabelledPhotograph> assistant)
    {
        return options.Validation.Iterations == 0
            ? new(target.Select(Cut), assistant.Select(Cut), [])
            : throw new UserErrorException("Validation was asked for, but a training on photographs has none.");

        TrainingCase Cut(LabelledPhotograph photograph) =>
            new(photograph.Warnings, PhotographPreparation.Cut(photograph, options.FieldSide));
    }

    // What cannot be used says of which case it is.
    private static T Named<T>(LabelledVolume volume, Func<Volume<byte>, T> prepare)
    {
        var classes = ClassesOf(volume);
        try
        {
            return prepare(classes);
        }
        catch (UserErrorException error)
        {
            throw new UserErrorException($"Case {volume.CaseId}: {error.Message}", error);
        }
    }

    private static Volume<byte> ClassesOf(LabelledVolume volume) => volume.Classes ?? throw new UserErrorException(
        $"Case {volume.CaseId} has no annotation; training needs one for every case.");
}

/// <summary>What training takes of one case, and what its reader warned of.</summary>
internal sealed record TrainingCase(IReadOnlyList<string> Warnings, IEnumerable<TrainingSlice> Slices)
{
    /// <summary>What a phantom is made of, to draw its appearance from instead of using its slices.</summary>
    public TissueCase? Tissues { get; init; }
}

/// <summary>Where a trained model comes from, such as "phantom-ct" for CT helped by MR.</summary>
internal sealed record TrainingSource(
    string Name, string TargetModality, string AssistantModality, LabelSet Labels, TrainingOptions Options)
{
    /// <summary>Whether the model takes photographs; otherwise volumes.</summary>
    public bool TakesPhotographs { get; init; }

    /// <summary>What the networks begin with; null for random weights.</summary>
    public StartingWeights? Start { get; init; }
}
