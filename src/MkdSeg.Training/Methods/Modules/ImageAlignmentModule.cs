using MkdSeg.Bundles;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Optimization;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods.Modules;

/// <summary>
/// The Image Alignment Module (IAM): generators and discriminators that translate between the modalities (CycleGAN, Zhu et
/// al. 2017). What the methods that translate have in common; they differ in when it is updated, and by whose shapes.
/// </summary>
public sealed class ImageAlignmentModule : IDisposable
{
    /// <summary>The module with fresh networks.</summary>
    /// <param name="networks">Makes the networks.</param>
    /// <param name="options">λ_cyc, the form of L_adv and the size of the replay pools.</param>
    public ImageAlignmentModule(NetworkFactory networks, MutualKnowledgeDistillationOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        G_at = networks.Generator(NetworkRoles.GeneratorToTarget);
        G_ta = networks.Generator(NetworkRoles.GeneratorToAssistant);
        D_t = networks.Discriminator("D_t");
        D_a = networks.Discriminator("D_a");
        Pool_t = networks.ReplayPool("pool_t", options.ReplayPoolSize);
        Pool_a = networks.ReplayPool("pool_a", options.ReplayPoolSize);
    }

    /// <summary>G_a→t.</summary>
    public TrainedNetwork G_at { get; }

    /// <summary>G_t→a.</summary>
    public TrainedNetwork G_ta { get; }

    /// <summary>D_t.</summary>
    public TrainedNetwork D_t { get; }

    /// <summary>D_a.</summary>
    public TrainedNetwork D_a { get; }

    /// <summary>The four networks.</summary>
    public IReadOnlyList<TrainedNetwork> Networks => [G_at, G_ta, D_t, D_a];

    /// <summary>Synthetic target images that D_t learns from.</summary>
    public ReplayPool Pool_t { get; }

    /// <summary>Synthetic assistant images that D_a learns from.</summary>
    public ReplayPool Pool_a { get; }

    internal MutualKnowledgeDistillationOptions Options { get; }

    /// <summary>Begins an iteration.</summary>
    /// <param name="x_t">Target images.</param>
    /// <param name="x_a">Assistant images.</param>
    /// <param name="rates">The iteration's learning rates.</param>
    /// <param name="losses">Takes the losses of every update.</param>
    public ImageAlignmentStep Begin(Tensor x_t, Tensor x_a, LearningRates rates, StepLosses losses) =>
        new(this, x_t, x_a, rates, losses);

    /// <summary>Frees the networks and the pools.</summary>
    public void Dispose()
    {
        foreach (var network in Networks)
        {
            network.Dispose();
        }

        Pool_t.Dispose();
        Pool_a.Dispose();
    }
}
