namespace MkdSeg.Training.Running;

/// <summary>How a learning rate changes during training.</summary>
public enum LearningRateDecay
{
    /// <summary>No change.</summary>
    Constant,

    /// <summary>Multiplied by 0.9 every two epochs, as for the paper's segmentors.</summary>
    StepEveryTwoEpochs,

    /// <summary>Constant in the first half, then linear to 0 (Zhu et al. 2017), for generators and discriminators.</summary>
    LinearInSecondHalf,

    /// <summary>Linear to 0 from the start, for short training runs.</summary>
    Linear,

    /// <summary>Half a cosine to 0, for short training runs.</summary>
    Cosine,
}

/// <summary>A learning rate and how it decays.</summary>
/// <param name="Initial">The rate of the first iteration.</param>
/// <param name="Decay">How it changes.</param>
public sealed record LearningRateSchedule(double Initial, LearningRateDecay Decay)
{
    /// <summary>Returns the rate to use in an iteration.</summary>
    /// <param name="iteration">Counted from 0.</param>
    /// <param name="iterations">The total number of iterations.</param>
    /// <param name="iterationsPerEpoch">The number of iterations in one pass over the target slices.</param>
    public double At(long iteration, long iterations, long iterationsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iterationsPerEpoch);
        var progress = Math.Min(1, (double)iteration / iterations);
        var factor = Decay switch
        {
            LearningRateDecay.Constant => 1,
            LearningRateDecay.StepEveryTwoEpochs => Math.Pow(0.9, iteration / iterationsPerEpoch / 2),
            LearningRateDecay.LinearInSecondHalf => Math.Min(1, 2 * (1 - progress)),
            LearningRateDecay.Linear => 1 - progress,
            LearningRateDecay.Cosine => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            _ => throw new ArgumentOutOfRangeException(nameof(iteration), Decay, "An unknown decay."),
        };
        return Initial * factor;
    }
}
