using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Makes a method's networks and pools; initial weights follow from the seed and the role.</summary>
internal sealed class NetworkFactory(
    TrainingOptions options, int classCount, Device device, StartingWeights? start = null)
{
    private readonly SeededRandom _random = new(options.Seed);
    private readonly Dictionary<string, ICheckpointed> _made = new(StringComparer.Ordinal);

    public TrainingOptions Options => options;

    /// <summary>All that was made, by name: what a checkpoint of the method holds.</summary>
    public IReadOnlyDictionary<string, ICheckpointed> Made => _made;

    /// <summary>A segmentor, ending in logits.</summary>
    public TrainedNetwork Segmentor(string role) => Make(
        role, ResidualUNet.Describe(SegmentorOptions), AdamOptions.Segmentor);

    /// <summary>A segmentor with some layers for each modality; the target's has the usual initial weights.</summary>
    public TrainedNetwork Segmentor(string role, Func<ResidualUNetLayer, bool> ownLayers) => Make(
        role,
        ResidualUNet.Describe(SegmentorOptions),
        AdamOptions.Segmentor,
        assistantGraph: ResidualUNet.Describe(SegmentorOptions, "assistant", ownLayers));

    /// <summary>A segmentor of the assistant modality, which serves training alone.</summary>
    public TrainedNetwork AssistantSegmentor(string role) => Make(
        role, ResidualUNet.Describe(SegmentorOptions), AdamOptions.Segmentor, servesTrainingAlone: true);

    public TrainedNetwork Generator(string role) =>
        Make(role, ResNetGenerator.Describe(options.Generator), AdamOptions.Adversarial);

    /// <summary>A discriminator, which serves training alone.</summary>
    public TrainedNetwork Discriminator(string role) => Make(
        role,
        PatchDiscriminator.Describe(options.Discriminator),
        AdamOptions.Adversarial with { RateRatio = options.DiscriminatorRateRatio },
        servesTrainingAlone: true);

    /// <summary>A pool of generated images for a discriminator; its random numbers follow from its name.</summary>
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
        // Each role draws its own weights: S_syn and S_real must not start as twins.
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
