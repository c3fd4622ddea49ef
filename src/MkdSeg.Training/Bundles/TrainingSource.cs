using MkdSeg.Datasets;

namespace MkdSeg.Training.Bundles;

/// <summary>What a trained model has to say about where it comes from.</summary>
/// <param name="Name">Name of the model, such as "phantom-ct".</param>
/// <param name="TargetModality">The modality that is segmented, such as "CT".</param>
/// <param name="AssistantModality">The modality that helped, such as "MR".</param>
/// <param name="Labels">The structures.</param>
/// <param name="Options">The effective options of the training.</param>
public sealed record TrainingSource(
    string Name, string TargetModality, string AssistantModality, LabelSet Labels, TrainingOptions Options)
{
    /// <summary>Whether the model takes photographs; otherwise volumes.</summary>
    public bool TakesPhotographs { get; init; }
}
