using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Creates a method's networks and pools; the seed and the role determine initial weights.</summary>
internal sealed class NetworkFactory(
    TrainingOptions options, int classCount, Device device, StartingWeights? start = null)
{
    private readonly SeededRandom _random = new(options.Seed);
    private readonly Dictionary<string, ICheckpointed> _made = new(StringComparer.Ordinal);

    public TrainingOptions Options => options;

    /// <summary>Everything created, by name: the contents of the method's checkpoints.</summary>
    public IReadOnlyDictionary<string, ICheckpointed> Made => _made;

    /// <summary>Creates a segmentor that ends in logits.</summary>
    public TrainedNetwork Segmentor(string role) => Make(
        role, ResidualUNet.Describe(SegmentorOptions), AdamOptions.Segmentor);

    /// <summary>Creates a segmentor with some modality-specific layers; the target's have the usual initial weights.</summary>
    public TrainedNetwork Segmentor(string role, Func<ResidualUNetLayer, bool> ownLayers) => Make(
        role,
        ResidualUNet.Describe(SegmentorOptions),
        AdamOptions.Segmentor,
        assistantGraph: ResidualUNet.Describe(SegmentorOptions, "assistant", ownLayers));

    /// <summary>Creates a segmentor of the assistant modality, which is needed only in training.</summary>
    public TrainedNetwork AssistantSegmentor(string role) => Make(
        role, ResidualUNet.Describe(SegmentorOptions), AdamOptions.Segmentor, servesTrainingAlone: true);

    public TrainedNetwork Generator(string role) =>
        Make(role, ResNetGenerator.Describe(options.Generator), AdamOptions.Adversarial);

    /// <summary>Creates a discriminator, which is needed only in training.</summary>
    public TrainedNetwork Discriminator(string role) => Make(
        role,
        PatchDiscriminator.Describe(options.Discriminator),
        AdamOptions.Adversarial with { RateRatio = options.DiscriminatorRateRatio },
        servesTrainingAlone: true);

    /// <summary>Creates a pool of generated images for a discriminator; its name determines its random numbers.</summary>
    public ImagePool ImagePool(string name, int capacity)
    {
        var pool = new ImagePool(capacity, _random.Derive(name));
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
        // Each role draws its own weights: S_syn and S_real must not start with the same ones.
        var seed = _random.Derive(role).NextUInt64();
        var weights = (assistantGraph is null ? start?.For(role, graph) : null)
            ?? Weights.Initialize(seed, assistantGraph is null ? [graph] : [graph, assistantGraph]);
        var network = new TrainedNetwork(role, graph, weights, adam, device, assistantGraph, options.Precision)
        {
            ServesTrainingAlone = servesTrainingAlone,
        };
        _made.Add(role, network);
        return network;
    }
}
