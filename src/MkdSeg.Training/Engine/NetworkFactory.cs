using MkdSeg.Networks;
using MkdSeg.Randomness;
using MkdSeg.Training.Optimization;
using static TorchSharp.torch;

namespace MkdSeg.Training.Engine;

/// <summary>Makes the networks of a method: sizes from the options, initial weights from the seed and the role.</summary>
/// <param name="options">The training's options.</param>
/// <param name="classCount">Classes of the segmentors, the background among them.</param>
/// <param name="device">Where the networks run.</param>
public sealed class NetworkFactory(TrainingOptions options, int classCount, Device device)
{
    private readonly SeededRandom _random = new(options.Seed);

    /// <summary>A segmentor, ending in logits.</summary>
    public TrainedNetwork Segmentor(string role) => Make(
        role, ResidualUNet.Describe(options.Segmentor with { ClassCount = classCount }), AdamOptions.Segmentor);

    /// <summary>A generator.</summary>
    public TrainedNetwork Generator(string role) =>
        Make(role, ResNetGenerator.Describe(options.Generator), AdamOptions.Adversarial);

    /// <summary>A discriminator, which serves training alone.</summary>
    public TrainedNetwork Discriminator(string role) =>
        Make(
            role,
            PatchDiscriminator.Describe(options.Discriminator),
            AdamOptions.Adversarial with { RateFactor = options.DiscriminatorPace },
            servesTrainingAlone: true);

    /// <summary>A stream of random numbers for whatever else the method needs, by a name of its own.</summary>
    public SeededRandom Random(string name) => _random.Derive(name);

    private TrainedNetwork Make(
        string role, NetworkGraph graph, AdamOptions adam, bool servesTrainingAlone = false)
    {
        // Each role draws its own weights: S_syn and S_real must not start as twins.
        var seed = _random.Derive(role).NextUInt64();
        return new(role, graph, Weights.Initialize(seed, graph), adam, device)
        {
            ServesTrainingAlone = servesTrainingAlone,
        };
    }
}
