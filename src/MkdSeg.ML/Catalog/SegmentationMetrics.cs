using MkdSeg.Datasets;
using MkdSeg.Metrics;

namespace MkdSeg.ML.Catalog;

/// <summary>
/// How well masks agree with annotations: the Dice coefficient over the voxels of each volume and, if requested, the distances
/// between their surfaces. If neither mask has a voxel of a structure, the value is NaN and excluded from means.
/// </summary>
public sealed class SegmentationMetrics
{
    private readonly LabelSet _labels;

    internal SegmentationMetrics(LabelSet labels, IReadOnlyList<SegmentationScores> cases)
    {
        _labels = labels;
        Table = new(labels, cases);
        MeanDice = Table.Mean;
        DicePerStructure = Table.StructureNames.Zip(Table.StructureMeans)
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Mean of <see cref="DicePerStructure"/>; every structure has the same weight.</summary>
    public double MeanDice { get; }

    /// <summary>Mean over the cases, by structure name.</summary>
    public IReadOnlyDictionary<string, double> DicePerStructure { get; }

    /// <summary>Dice of every case; its cases contain the surface metrics.</summary>
    public ScoreTable Table { get; }

    /// <summary>Returns another metric of every case.</summary>
    /// <exception cref="InvalidOperationException">It was not computed, such as a surface metric without a tolerance.</exception>
    public ScoreTable TableOf(SegmentationMetric metric) => new(_labels, Table.Cases, metric);
}
