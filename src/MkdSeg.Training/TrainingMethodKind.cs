namespace MkdSeg.Training;

/// <summary>The methods that can be trained, each a row of the paper's tables.</summary>
public enum TrainingMethodKind
{
    /// <summary>Online Mutual Knowledge Distillation, Algorithm 1.</summary>
    Mkd,

    /// <summary>One segmentor on the target modality alone.</summary>
    Baseline,
}
