namespace MkdSeg.Training.Validation;

/// <summary>What a validation found for one prediction.</summary>
/// <param name="Prediction">A segmentor's role, or "ensemble".</param>
/// <param name="Dice">Per structure, averaged over the volumes; NaN where no volume has it.</param>
public sealed record ValidationScore(string Prediction, IReadOnlyList<double> Dice)
{
    /// <summary>The mean over the structures that are there.</summary>
    public double Mean { get; } = Dice.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
