using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using MkdSeg.Training.Networks.Onnx.Messages;
using static MkdSeg.Training.Networks.Onnx.Messages.AttributeProto.Types;
using static MkdSeg.Training.Networks.Onnx.Messages.TensorProto.Types;

namespace MkdSeg.Training.Networks.Onnx;

internal sealed class OnnxTranslation
{
    private readonly NetworkGraph _graph;
    private readonly Weights _weights;
    private readonly GraphProto _result;
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);

    public OnnxTranslation(NetworkGraph graph, Weights weights)
    {
        (_graph, _weights) = (graph, weights);
        _result = new GraphProto { Name = graph.Name };
    }

    public GraphProto Translate()
    {
        _result.Input.Add(Image(_graph.InputName, _graph.InputChannels, "height", "width"));
        foreach (var node in _graph.Nodes)
            Add(node);
        var prefix = _graph.Output.Extent == Extent.Input ? "" : "output_";
        _result.Output.Add(Image(_graph.OutputName, _graph.OutputChannels, $"{prefix}height", $"{prefix}width"));
        return _result;
    }

    private void Add(GraphNode node)
    {
        switch (node)
        {
            case InputNode:
                break;
            case ConvNode conv:
                Emit(
                    node, "Conv", [TensorOf(conv.Input), .. conv.ParameterNames.Select(Weight)],
                    Ints("kernel_shape", conv.Kernel, conv.Kernel), Ints("pads", conv.Pad, conv.Pad, conv.Pad, conv.Pad),
                    Ints("strides", conv.Stride, conv.Stride));
                break;
            case ConvTransposeNode conv:
                Emit(
                    node, "ConvTranspose", [TensorOf(conv.Input), .. conv.ParameterNames.Select(Weight)],
                    Ints("kernel_shape", conv.Kernel, conv.Kernel),
                    Ints("output_padding", conv.OutputPadding, conv.OutputPadding),
                    Ints("pads", conv.Pad, conv.Pad, conv.Pad, conv.Pad), Ints("strides", conv.Stride, conv.Stride));
                break;
            case InstanceNormNode norm:
                var scale = norm.Scale is null ? Constant("ones", 1, norm.Channels) : Weight(norm.Scale);
                var shift = norm.Shift is null ? Constant("zeros", 0, norm.Channels) : Weight(norm.Shift);
                Emit(
                    node, "InstanceNormalization", [TensorOf(norm.Input), scale, shift],
                    Float("epsilon", norm.Epsilon));
                break;
            case BatchNormNode norm:
                Emit(
                    node, "BatchNormalization", [TensorOf(norm.Input), .. norm.ParameterNames.Select(Weight)],
                    Float("epsilon", norm.Epsilon));
                break;
            case ReluNode relu:
                Emit(node, "Relu", [TensorOf(relu.Input)]);
                break;
            case LeakyReluNode relu:
                Emit(node, "LeakyRelu", [TensorOf(relu.Input)], Float("alpha", relu.Slope));
                break;
            case TanhNode tanh:
                Emit(node, "Tanh", [TensorOf(tanh.Input)]);
                break;
            case AtanhNode atanh:
                Emit(node, "Atanh", [TensorOf(atanh.Input)]);
                break;
            case ClipNode clip:
                Emit(node, "Clip", [TensorOf(clip.Input), Scalar(clip.Minimum), Scalar(clip.Maximum)]);
                break;
            case SoftmaxNode softmax:
                Emit(node, "Softmax", [TensorOf(softmax.Input)], Int("axis", 1));
                break;
            case AddNode add:
                Emit(node, "Add", [TensorOf(add.Left), TensorOf(add.Right)]);
                break;
            case ConcatNode concat:
                Emit(node, "Concat", [TensorOf(concat.Left), TensorOf(concat.Right)], Int("axis", 1));
                break;
            case ReflectPadNode pad:
                Emit(
                    node, "Pad", [TensorOf(pad.Input), Pads(0, pad.Pad, 0, pad.Pad)], Text("mode", "reflect"));
                break;
            case ZeroPadChannelsNode pad:
                Emit(
                    node, "Pad", [TensorOf(pad.Input), Pads(pad.Before, 0, pad.After, 0)], Text("mode", "constant"));
                break;
            case UpsampleLinearNode upsample:
                Emit(
                    node, "Resize", [TensorOf(upsample.Input), "", Scales(upsample.Factor)],
                    Text("coordinate_transformation_mode", "half_pixel"), Text("mode", "linear"));
                break;
            case MaxPoolNode pool:
                Emit(
                    node, "MaxPool", [TensorOf(pool.Input)], Ints("kernel_shape", pool.Window, pool.Window),
                    Ints("strides", pool.Window, pool.Window));
                break;
            default:
                throw new NotSupportedException(
                    $"Operation {node.GetType().Name} of layer '{node.Name}' has no ONNX form here.");
        }
    }

    private string TensorOf(int index) =>
        index == 0 ? _graph.InputName
        : index == _graph.Output.Index ? _graph.OutputName
        : _graph.Nodes[index].Name;

    private void Emit(GraphNode node, string operation, string[] inputs, params AttributeProto[] attributes) =>
        _result.Node.Add(new NodeProto
        {
            Name = node.Name,
            OpType = operation,
            Input = { inputs },
            Output = { TensorOf(node.Index) },
            Attribute = { attributes },
        });

    private string Weight(string name)
    {
        var array = _weights[name];
        return Initializer(name, array.Values, array.Shape);
    }

    /// <summary>Scale or shift of a normalisation that has none, shared by all with as many channels.</summary>
    private string Constant(string name, float value, int channels) =>
        Initializer($"constant.{name}{channels}", [.. Enumerable.Repeat(value, channels)], [channels]);

    private string Scalar(float value) =>
        Initializer(string.Create(CultureInfo.InvariantCulture, $"constant.{value}"), [value], []);

    private string Scales(int factor) =>
        Initializer($"constant.scales{factor}", [1, 1, factor, factor], [4]);

    /// <summary>Channels and pixels added in front and behind, in ONNX's order: (N, C, H, W) twice.</summary>
    private string Pads(int channelsBefore, int before, int channelsAfter, int after)
    {
        long[] pads = [0, channelsBefore, before, before, 0, channelsAfter, after, after];
        var name = $"constant.pads{channelsBefore}_{before}_{channelsAfter}_{after}";
        if (_initializers.Add(name))
            AddTensor(name, DataType.Int64, MemoryMarshal.AsBytes(pads.AsSpan()), [pads.Length]);

        return name;
    }

    private string Initializer(string name, float[] values, long[] shape)
    {
        if (_initializers.Add(name))
        {
            // ONNX is little-endian, as every processor that libtorch runs on.
            AddTensor(name, DataType.Float, MemoryMarshal.AsBytes(values.AsSpan()), shape);
        }

        return name;
    }

    private void AddTensor(string name, DataType type, ReadOnlySpan<byte> bytes, long[] shape) =>
        _result.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { shape },
            RawData = ByteString.CopyFrom(bytes),
        });

    private static AttributeProto Ints(string name, params long[] values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    private static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeType.Int, I = value };

    private static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeType.Float, F = value };

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private static ValueInfoProto Image(string name, int channels, string height, string width)
    {
        var shape = new TensorShapeProto
        {
            Dim =
            {
                new TensorShapeProto.Types.Dimension { DimParam = "batch" },
                new TensorShapeProto.Types.Dimension { DimValue = channels },
                new TensorShapeProto.Types.Dimension { DimParam = height },
                new TensorShapeProto.Types.Dimension { DimParam = width },
            },
        };
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape },
            },
        };
    }
}
