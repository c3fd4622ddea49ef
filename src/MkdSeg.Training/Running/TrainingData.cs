using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Running;

/// <summary>
/// The prepared cases of a training run. Each case is read when it is enumerated, and only what is cut from it is kept.
/// </summary>
internal sealed record TrainingData(
    IEnumerable<TrainingCase> Target, IEnumerable<TrainingCase> Assistant, IEnumerable<ValidationVolume> Validation)
{
    /// <summary>Filled with the locator's view of target volumes as they are read; null if no locator is trained.</summary>
    public List<LocatorCase>? LocatorCases { get; init; }

    /// <summary>Prepares annotated volumes; the assistant's are not read by methods without an assistant.</summary>
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

    /// <summary>Prepares labelled photographs, which have neither validation nor locator.</summary>
    public static TrainingData OfPhotographs(
        TrainingOptions options, IEnumerable<LabelledPhotograph> target, IEnumerable<LabelledPhotograph> assistant)
    {
        return options.Validation.Iterations == 0
            ? new(target.Select(Cut), assistant.Select(Cut), [])
            : throw new UserErrorException("Validation was requested, but training on photographs does not support it.");

        TrainingCase Cut(LabelledPhotograph photograph) =>
            new(photograph.Warnings, PhotographPreparation.Cut(photograph, options.FieldSide));
    }

    // Adds the case to errors about its data.
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

/// <summary>What training uses from one case, and its reader's warnings.</summary>
internal sealed record TrainingCase(IReadOnlyList<string> Warnings, IEnumerable<TrainingSlice> Slices)
{
    /// <summary>A phantom's tissues, to draw its appearance from instead of using its slices.</summary>
    public TissueCase? Tissues { get; init; }
}

/// <summary>The origin of a trained model, such as "phantom-ct" for CT assisted by MR.</summary>
internal sealed record TrainingSource(
    string Name, string TargetModality, string AssistantModality, LabelSet Labels, TrainingOptions Options)
{
    /// <summary>Whether the model is for photographs; otherwise for volumes.</summary>
    public bool TakesPhotographs { get; init; }

    /// <summary>The weights that the networks start with; null for random weights.</summary>
    public StartingWeights? Start { get; init; }
}
