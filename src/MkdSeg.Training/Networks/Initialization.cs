namespace MkdSeg.Training.Networks;

/// <summary>How a parameter's values start: normally distributed around 0, or all the same.</summary>
/// <param name="Mean">Mean of the values.</param>
/// <param name="StandardDeviation">Standard deviation; 0 for a constant.</param>
public readonly record struct Initialization(double Mean, double StandardDeviation)
{
    /// <summary>All zeros: biases.</summary>
    public static Initialization Zeros { get; } = new(0, 0);

    /// <summary>All ones: scales of normalisation layers, running variances.</summary>
    public static Initialization Ones { get; } = new(1, 0);

    /// <summary>N(0, σ²); σ = 0.02 for the generators and discriminators of Zhu et al. 2017.</summary>
    /// <param name="standardDeviation">σ.</param>
    public static Initialization Normal(double standardDeviation) => new(0, standardDeviation);

    /// <summary>N(0, 2 / fan-in), He et al. 2015, for layers that a rectifier follows.</summary>
    /// <param name="fanIn">Values that each output of the layer sums.</param>
    public static Initialization HeNormal(int fanIn) => new(0, Math.Sqrt(2.0 / fanIn));
}
