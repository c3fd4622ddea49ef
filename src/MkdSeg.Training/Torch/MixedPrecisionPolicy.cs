using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>
/// The formats of layers in mixed precision (Micikevicius et al. 2018, with bfloat16 as in Kalamkar et al. 2019, and layer by
/// layer as in PyTorch's autocast). Activations between layers are bfloat16. Weights remain 32-bit floats and are rounded where
/// they are used, so that their gradients are 32-bit floats, like the network's result and everything computed from it.
/// <para>
/// Engines differ, by version and device, in what they support in bfloat16, and some accumulate in it, which loses more
/// precision with every summand. Each kind of layer is therefore tried once: one that fails computes in 32-bit floats, from
/// the same rounded numbers and with a result that is rounded again, as the tensor cores of a GPU do.
/// </para>
/// </summary>
internal sealed class MixedPrecisionPolicy
{
    private const ScalarType Low = ScalarType.BFloat16;
    private const ScalarType Full = ScalarType.Float32;

    // Exponential functions, and the layers where a generator's last layers meet its input.
    private static readonly Type[] AlwaysFull = [typeof(TanhNode), typeof(AtanhNode), typeof(SoftmaxNode)];

    // bfloat16 has 8 significant bits. The mean error of one rounding is a fifth of this.
    private const double Tolerance = 1.0 / 128;

    // Enough channels to distinguish sums in bfloat16 from sums in 32-bit floats.
    private const int TrialChannels = 64;

    // Each kind of layer that may compute in bfloat16, in a form that can be tried.
    private static readonly (Type Kind, Func<SymbolicTensor, SymbolicTensor> Layer)[] Candidates =
    [
        (typeof(ConvNode), x => x.Conv("layer", 8, 3, stride: 2, pad: 1)),
        (typeof(ConvTransposeNode), x => x.ConvTranspose("layer", 8, 3, stride: 2, pad: 1, outputPadding: 1)),
        (typeof(InstanceNormNode), x => x.InstanceNorm("layer").InstanceNorm()),
        (typeof(BatchNormNode), x => x.BatchNorm("layer")),
        (typeof(ReluNode), x => x.Relu()),
        (typeof(LeakyReluNode), x => x.LeakyRelu()),
        (typeof(ClipNode), x => x.Clip(0, 6)),
        (typeof(AddNode), x => x.Relu().Add(x)),
        (typeof(ConcatNode), x => x.Relu().Concat(x)),
        (typeof(ReflectPadNode), x => x.ReflectPad(1)),
        (typeof(ZeroPadChannelsNode), x => x.ZeroPadChannels(1, 1)),
        (typeof(UpsampleLinearNode), x => x.UpsampleLinear()),
        (typeof(MaxPoolNode), x => x.MaxPool(2)),
    ];

    private static readonly MixedPrecisionPolicy AllLow = new(Candidates.Select(candidate => candidate.Kind));
    private static readonly MixedPrecisionPolicy NoneLow = new([]);
    private static readonly ConcurrentDictionary<DeviceType, MixedPrecisionPolicy> OfDevices = new();

    private readonly HashSet<Type> _low;

    private MixedPrecisionPolicy(IEnumerable<Type> low) => _low = [.. low];

    /// <summary>The kinds of layers that compute in bfloat16.</summary>
    public IReadOnlySet<Type> LowKinds => _low;

    /// <summary>Returns the formats of a precision; null if all computation is in 32-bit floats.</summary>
    public static MixedPrecisionPolicy? Of(Precision precision, Device device)
    {
        if (precision == Precision.Fp32)
            return null;

        var formats = OfDevices.GetOrAdd(device.type, _ => new(Candidates
            .Where(candidate => Passes(candidate.Layer, device))
            .Select(candidate => candidate.Kind)));
        // A CPU does not need it: there, mixed precision only serves to study its effect on training.
        return device.type == DeviceType.CPU || formats._low.Contains(typeof(ConvNode))
            ? formats
            : throw new UserErrorException(
                $"Mixed precision was requested, but the tensor engine cannot convolve bfloat16 on the device {device}; use the "
                + "precision fp32, or a GPU of NVIDIA's Ampere generation or later.");
    }

    /// <summary>Returns how a layer is computed.</summary>
    public LayerFormat Of(GraphNode node, Tensor[] operands)
    {
        if (AlwaysFull.Contains(node.GetType()))
            return new(Full, Full, RoundsWeights: false);

        var isConvolution = node is ConvNode or ConvTransposeNode;
        var activation = isConvolution || operands.All(operand => operand.dtype == Low) ? Low : Full;
        var computed = activation == Low && _low.Contains(node.GetType()) ? Low : Full;
        // With unrounded scale and shift, normalisations keep their statistics as 32-bit floats.
        return new(activation, computed, RoundsWeights: isConvolution);
    }

    /// <summary>Returns a tensor in a format; the tensor itself if it already has that format.</summary>
    public static Tensor In(ScalarType format, Tensor tensor) => tensor.dtype == format ? tensor : tensor.to_type(format);

    public static Tensor Result(Tensor tensor) => In(Full, tensor);

    // Forward and backward, since some layers have no gradient in bfloat16.
    private static bool Passes(Func<SymbolicTensor, SymbolicTensor> layer, Device device)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var expected = Trial(layer, device, NoneLow);
        try
        {
            return Trial(layer, device, AllLow).Zip(expected, RelativeError).All(error => error < Tolerance);
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    // The layer's result, and the gradients of its operand and its weights.
    private static Tensor[] Trial(Func<SymbolicTensor, SymbolicTensor> layer, Device device, MixedPrecisionPolicy formats)
    {
        var builder = new GraphBuilder("trial", TrialChannels, Initialization.HeNormal);
        var graph = builder.Build(layer(builder.Input), "result");
        var random = new SeededRandom(1);
        var x = Noise([2, TrialChannels, 8, 8]);
        x.requires_grad = true;
        using var parameters = new ParameterSet(graph.Parameters, Weights.Initialize(1, graph), device);
        var result = new TorchNetwork(graph, parameters, formats).Forward(x);
        result.mul(In(Full, Noise(result.shape))).sum().backward();
        return [result, In(Full, x.grad!), .. graph.ParameterCount > 0 ? [parameters.Gradients.clone()] : (Tensor[])[]];

        Tensor Noise(long[] shape) => In(Low, tensor(
            [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)random.Uniform(-1, 1))],
            shape,
            device: device));
    }

    private static double RelativeError(Tensor value, Tensor expected) => Math.Sqrt(
        value.sub(expected).square().sum().item<float>() / expected.square().sum().item<float>());
}

/// <summary>How a layer is computed.</summary>
internal readonly record struct LayerFormat(ScalarType Activation, ScalarType Computed, bool RoundsWeights)
{
    public Tensor Operand(Tensor tensor) => MixedPrecisionPolicy.In(Computed, MixedPrecisionPolicy.In(Activation, tensor));

    public Tensor Weight(Tensor tensor) => RoundsWeights ? Operand(tensor) : tensor;

    /// <summary>Returns the layer's result as the next layer receives it.</summary>
    public Tensor Result(Tensor tensor) => MixedPrecisionPolicy.In(Activation, tensor);
}
