namespace MkdSeg.Experiments.Planning;

/// <summary>Which tables are made, and from which runs.</summary>
internal sealed record ExperimentOptions
{
    /// <summary>Numbers of tables; empty for all that the setting has.</summary>
    public IReadOnlyList<int> Tables { get; init; } = [];
    public ExperimentSetting Setting { get; init; } = ExperimentSetting.Scarce;

    /// <summary>Annotated target volumes, but with folds; each number makes tables of its own.</summary>
    public IReadOnlyList<int> TargetVolumes { get; init; } = [4];

    public IReadOnlyList<int> Folds { get; init; } = [0, 1];

    /// <summary>Seeds of the subsets and of the trainings. One seed gives every method the same volumes.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Names of the rows' methods; empty for all that the tables have.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>What all runs have in common, such as iterations and networks; each run sets method and seed.</summary>
    public TrainingOptions Training { get; init; } = TrainingPresets.Phantom;

    /// <summary>Iterations of each run; null for those of <see cref="Training"/> or, in the long setting, of its passes.</summary>
    public int? Iterations { get; init; }

    public CropRule Crop { get; init; } = CropRule.Label;
}

/// <summary>How target volumes are divided into those that are trained on and those that are tested on.</summary>
internal enum ExperimentSetting
{
    /// <summary>A few target volumes, drawn by the seed; tested on the test split, or else on a fold.</summary>
    Scarce,

    /// <summary>The paper's two-fold cross-validation.</summary>
    Folds,

    /// <summary>Scarce, with as many passes over few thick slices as <see cref="LongSchedule"/> says.</summary>
    Long,
}
