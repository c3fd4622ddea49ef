using MkdSeg.Training.Checkpoints;

namespace MkdSeg.Training.Validation;

/// <summary>
/// Remembers which iteration was the best so far: the one with the highest Dice, averaged over structures and validation
/// volumes, of all segmentors together; of equal ones the earlier.
/// </summary>
public sealed class BestModel : ICheckpointed
{
    /// <summary>The best iteration; 0 before the first validation.</summary>
    public long Iteration { get; private set; }

    /// <summary>Its mean Dice.</summary>
    public double MeanDice { get; private set; } = double.NegativeInfinity;

    /// <summary>Takes a validation into account.</summary>
    /// <returns>Whether it is the best so far.</returns>
    public bool Offer(long iteration, IReadOnlyList<ValidationScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        // The ensemble is the last; a single segmentor is its own.
        if (!(scores[^1].Mean > MeanDice))
            return false;
        (Iteration, MeanDice) = (iteration, scores[^1].Mean);
        return true;
    }

    /// <inheritdoc/>
    public void Save(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("iteration", Iteration);
        writer.Write("dice", MeanDice);
    }

    /// <inheritdoc/>
    public void Load(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Iteration = reader.Read<long>("iteration");
        MeanDice = reader.Read<double>("dice");
    }
}
