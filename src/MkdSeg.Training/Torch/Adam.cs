using MkdSeg.Training.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Adam (Kingma and Ba 2015, Algorithm 1) over one flat vector, in six operations.</summary>
internal sealed class Adam(Tensor parameters, Tensor gradients, AdamOptions options) : ICheckpointed, IDisposable
{
    private readonly Tensor _firstMoment = zeros_like(parameters).DetachFromDisposeScope();
    private readonly Tensor _secondMoment = zeros_like(parameters).DetachFromDisposeScope();

    public long StepCount { get; private set; }

    /// <summary>Updates the parameters by one step with the gradient vector.</summary>
    public void Step(double learningRate)
    {
        StepCount++;
        var (beta1, beta2) = (options.Beta1, options.Beta2);
        var correction1 = 1 - Math.Pow(beta1, StepCount);
        var correction2 = 1 - Math.Pow(beta2, StepCount);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _firstMoment.mul_((Scalar)beta1).add_(gradients, 1 - beta1);
        _secondMoment.mul_((Scalar)beta2).addcmul_(gradients, gradients, 1 - beta2);
        var denominator = _secondMoment.sqrt().mul_((Scalar)(1 / Math.Sqrt(correction2)))
            .add_((Scalar)options.Epsilon);
        parameters.addcdiv_(_firstMoment, denominator, -learningRate * options.RateRatio / correction1);
    }

    public void Restart()
    {
        // In-place operations return new tensor objects.
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _firstMoment.zero_();
        _secondMoment.zero_();
        StepCount = 0;
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Write("steps", StepCount);
        writer.Write("first_moment", _firstMoment);
        writer.Write("second_moment", _secondMoment);
    }

    public void Load(CheckpointReader reader)
    {
        StepCount = reader.Read<long>("steps");
        reader.Read("first_moment", _firstMoment);
        reader.Read("second_moment", _secondMoment);
    }

    public void Dispose()
    {
        _firstMoment.Dispose();
        _secondMoment.Dispose();
    }
}

/// <summary>The settings of <see cref="Adam"/> that remain the same during training.</summary>
internal sealed record AdamOptions(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    /// <summary>The network's share of the learning rate.</summary>
    public double RateRatio { get; init; } = 1;

    /// <summary>β = (0.9, 0.999), for segmentors.</summary>
    public static AdamOptions Segmentor { get; } = new();

    /// <summary>β = (0.5, 0.999), for generators and discriminators (Zhu et al. 2017).</summary>
    public static AdamOptions Adversarial { get; } = new(Beta1: 0.5);
}
