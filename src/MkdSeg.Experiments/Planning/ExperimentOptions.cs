namespace MkdSeg.Experiments.Planning;

/// <summary>The tables to build, and the runs to build them from.</summary>
internal sealed record ExperimentOptions
{
    /// <summary>Table numbers; empty for all tables of the setting.</summary>
    public IReadOnlyList<int> Tables { get; init; } = [];
    public ExperimentSetting Setting { get; init; } = ExperimentSetting.Scarce;

    /// <summary>Numbers of annotated target volumes, each with its own tables; unused with folds.</summary>
    public IReadOnlyList<int> TargetVolumes { get; init; } = [4];

    public IReadOnlyList<int> Folds { get; init; } = [0, 1];

    /// <summary>Seeds of the subsets and of training. A seed selects the same volumes for every method.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Methods of the rows; empty for all methods in the tables.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Options shared by all runs, such as iterations and networks; each run sets its method and seed.</summary>
    public TrainingOptions Training { get; init; } = TrainingPresets.Phantom;

    /// <summary>
    /// Iterations per run; null for the number in <see cref="Training"/> or, in the long setting, for its number of passes.
    /// </summary>
    public int? Iterations { get; init; }

    public CropRule Crop { get; init; } = CropRule.Label;
}

/// <summary>How target volumes are divided into training and test volumes.</summary>
internal enum ExperimentSetting
{
    /// <summary>A few target volumes, drawn by the seed; tested on the test split or, without one, on a fold.</summary>
    Scarce,

    /// <summary>The paper's two-fold cross-validation.</summary>
    Folds,

    /// <summary>Like scarce, but with many passes over few thick slices; see <see cref="LongSchedule"/>.</summary>
    Long,
}
