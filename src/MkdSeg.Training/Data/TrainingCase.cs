namespace MkdSeg.Training.Data;

/// <summary>What training takes of one case.</summary>
/// <param name="Warnings">What was put right while reading, one sentence each.</param>
/// <param name="Slices">Its slices.</param>
public sealed record TrainingCase(IReadOnlyList<string> Warnings, IEnumerable<TrainingSlice> Slices);
