namespace MkdSeg.Training.Optimization;

/// <summary>The settings of <see cref="Adam"/> that stay the same during a training.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the denominator.</param>
/// <param name="RateFactor">The network's share of the learning rate.</param>
public sealed record AdamOptions(
    double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double RateFactor = 1)
{
    /// <summary>β = (0.9, 0.999), for segmentors.</summary>
    public static AdamOptions Segmentor { get; } = new();

    /// <summary>β = (0.5, 0.999), for generators and discriminators (Zhu et al. 2017).</summary>
    public static AdamOptions Adversarial { get; } = new(Beta1: 0.5);
}
