using MkdSeg.Bundles;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods.Modules;

/// <summary>
/// The mutual guidance of two segmentors: S_syn learns from annotated assistant images in the look of the target, S_real
/// from annotated target images, and each teaches the other on its own images.
/// </summary>
public sealed class MutualDistillation : IDisposable
{
    /// <summary>The scheme with fresh networks.</summary>
    /// <param name="networks">Makes the networks.</param>
    /// <param name="options">λ¹_kd and λ²_kd; a term of weight 0 is not computed.</param>
    public MutualDistillation(NetworkFactory networks, MutualKnowledgeDistillationOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        S_syn = networks.Segmentor(NetworkRoles.SSyn);
        S_real = networks.Segmentor(NetworkRoles.SReal);
    }

    /// <summary>S_syn.</summary>
    public TrainedNetwork S_syn { get; }

    /// <summary>S_real.</summary>
    public TrainedNetwork S_real { get; }

    /// <summary>Both.</summary>
    public IReadOnlyList<TrainedNetwork> Networks => [S_syn, S_real];

    internal MutualKnowledgeDistillationOptions Options { get; }

    /// <summary>Begins an iteration.</summary>
    /// <param name="x_at">Assistant images in the look of the target.</param>
    /// <param name="y_a">Their annotations.</param>
    /// <param name="x_t">Target images.</param>
    /// <param name="y_t">Their annotations.</param>
    /// <param name="rates">The iteration's learning rates.</param>
    /// <param name="losses">Takes the losses of every update.</param>
    public MutualDistillationStep Begin(
        Tensor x_at, Tensor y_a, Tensor x_t, Tensor y_t, LearningRates rates, StepLosses losses) =>
        new(this, x_at, y_a, x_t, y_t, rates, losses);

    /// <summary>Frees the networks.</summary>
    public void Dispose()
    {
        S_syn.Dispose();
        S_real.Dispose();
    }
}
