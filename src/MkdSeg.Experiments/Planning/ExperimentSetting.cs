namespace MkdSeg.Experiments.Planning;

/// <summary>How target volumes are divided into those that are trained on and those that are tested on.</summary>
public enum ExperimentSetting
{
    /// <summary>A few target volumes, drawn by the seed; tested on the test split, or else on a fold.</summary>
    Scarce,

    /// <summary>The paper's two-fold cross-validation.</summary>
    Folds,
}
