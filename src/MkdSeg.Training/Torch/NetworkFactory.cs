using MkdSeg.Common;
using MkdSeg.Training.Checkpoints;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Optimization;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Makes the networks of a method and what else it remembers: sizes from the options, initial weights from the seed and the role.</summary>
/// <param name="options">The training's options.</param>
/// <param name="classCount">Classes of the segmentors, the background among them.</param>
/// <param name="device">Where the networks run.</param>
public sealed class NetworkFactory(TrainingOptions options, int classCount, Device device)
{
    private readonly SeededRandom _random = new(options.Seed);
    private readonly Dictionary<string, ICheckpointed> _made = new(StringComparer.Ordinal);

    /// <summary>All that was made, by name: what a checkpoint of the method holds.</summary>
    public IReadOnlyDictionary<string, ICheckpointed> Made => _made;

    /// <summary>A segmentor, ending in logits.</summary>
    public TrainedNetwork Segmentor(string role) => Make(
        role, ResidualUNet.Describe(SegmentorOptions), AdamOptions.Segmentor);

    /// <summary>
    /// A segmentor that looks differently for the two modalities: the assistant's has layers of its own, the others are
    /// shared. The target's is the same network as any other segmentor, with the same initial weights.
    /// </summary>
    /// <param name="role">Its name in the method.</param>
    /// <param name="ownLayers">The layers that each modality has for itself.</param>
    public TrainedNetwork Segmentor(string role, Func<ResidualUNetLayer, bool> ownLayers) => Make(
        role,
        ResidualUNet.Describe(SegmentorOptions),
        AdamOptions.Segmentor,
        assistantGraph: ResidualUNet.Describe(SegmentorOptions, "assistant", ownLayers));

    /// <summary>A segmentor of the assistant modality, which serves training alone.</summary>
    public TrainedNetwork AssistantSegmentor(string role) => Make(
        role, ResidualUNet.Describe(SegmentorOptions), AdamOptions.Segmentor, servesTrainingAlone: true);

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

    /// <summary>A pool of generated images for a discriminator.</summary>
    /// <param name="name">A name of its own, which its random numbers depend on.</param>
    /// <param name="capacity">Images to keep.</param>
    public ReplayPool ReplayPool(string name, int capacity)
    {
        var pool = new ReplayPool(capacity, _random.Derive(name));
        _made.Add(name, pool);
        return pool;
    }

    private ResidualUNetOptions SegmentorOptions => options.Segmentor with { ClassCount = classCount };

    private TrainedNetwork Make(
        string role,
        NetworkGraph graph,
        AdamOptions adam,
        bool servesTrainingAlone = false,
        NetworkGraph? assistantGraph = null)
    {
        // Each role draws its own weights: S_syn and S_real must not start as twins.
        var seed = _random.Derive(role).NextUInt64();
        var weights = Weights.Initialize(seed, assistantGraph is null ? [graph] : [graph, assistantGraph]);
        var network = new TrainedNetwork(role, graph, weights, adam, device, assistantGraph, options.Precision)
        {
            ServesTrainingAlone = servesTrainingAlone,
        };
        _made.Add(role, network);
        return network;
    }
}
