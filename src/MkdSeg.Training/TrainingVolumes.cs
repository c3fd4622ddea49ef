using MkdSeg.Datasets;

namespace MkdSeg.Training;

/// <summary>The annotated volumes of a training, each read when it is asked for and not kept.</summary>
/// <param name="Target">Target volumes to learn from.</param>
/// <param name="Assistant">Assistant volumes; not read by methods that use none.</param>
/// <param name="Validation">Target volumes to validate on; not read where no validation is asked for.</param>
public sealed record TrainingVolumes(
    IEnumerable<LabelledVolume> Target,
    IEnumerable<LabelledVolume> Assistant,
    IEnumerable<LabelledVolume> Validation)
{
    /// <summary>Volumes without a validation.</summary>
    public TrainingVolumes(IEnumerable<LabelledVolume> target, IEnumerable<LabelledVolume> assistant)
        : this(target, assistant, [])
    {
    }
}
