namespace MkdSeg.Metrics;

/// <summary>Dice of one case.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Dice">Per structure in the label set's order; NaN where neither mask has a voxel.</param>
public sealed record SegmentationScores(string CaseId, IReadOnlyList<double> Dice)
{
    /// <summary>Mean over the structures that have a value; NaN where none has.</summary>
    public double Mean => ScoreTable.MeanOfNumbers(Dice);
}
