namespace MkdSeg.Training.Running;

/// <summary>How a learning rate changes over a training.</summary>
public enum LearningRateDecay
{
    /// <summary>Stays as it is.</summary>
    Constant,

    /// <summary>Multiplied by 0.9 every two epochs: the paper's segmentors.</summary>
    StepEveryTwoEpochs,

    /// <summary>Constant in the first half, then straight down to 0 (Zhu et al. 2017): generators and discriminators.</summary>
    LinearInSecondHalf,

    /// <summary>Straight down to 0 from the start: for short trainings.</summary>
    Linear,

    /// <summary>Half a cosine down to 0: for short trainings.</summary>
    Cosine,
}

/// <summary>A learning rate and how it decays.</summary>
/// <param name="Initial">The rate of the first iteration.</param>
/// <param name="Decay">How it changes.</param>
public sealed record LearningRateSchedule(double Initial, LearningRateDecay Decay)
{
    /// <summary>The rate to use in an iteration.</summary>
    /// <param name="iteration">Counted from 0.</param>
    /// <param name="iterations">The length of the training.</param>
    /// <param name="iterationsPerEpoch">The iterations that one pass over the target slices takes.</param>
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
