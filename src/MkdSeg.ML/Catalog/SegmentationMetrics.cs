using MkdSeg.Metrics;

namespace MkdSeg.ML.Catalog;

/// <summary>
/// How well masks agree with annotations, by the Dice coefficient over the voxels of each volume. Where neither mask has
/// a voxel of a structure the value is NaN and left out of means.
/// </summary>
public sealed class SegmentationMetrics
{
    internal SegmentationMetrics(ScoreTable table)
    {
        Table = table;
        MeanDice = table.Mean;
        DicePerStructure = table.StructureNames.Zip(table.StructureMeans)
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Mean of <see cref="DicePerStructure"/>; every structure counts the same.</summary>
    public double MeanDice { get; }

    /// <summary>Mean over the cases, per structure's name.</summary>
    public IReadOnlyDictionary<string, double> DicePerStructure { get; }

    /// <summary>The values of every case.</summary>
    public ScoreTable Table { get; }
}
