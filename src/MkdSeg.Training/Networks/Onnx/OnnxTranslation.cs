using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using MkdSeg.Training.Networks.Onnx.Messages;
using static MkdSeg.Training.Networks.Onnx.Messages.AttributeProto.Types;
using static MkdSeg.Training.Networks.Onnx.Messages.TensorProto.Types;
using static MkdSeg.Training.Networks.Onnx.Messages.TensorShapeProto.Types;

namespace MkdSeg.Training.Networks.Onnx;

internal sealed class OnnxTranslation(NetworkGraph graph, Weights weights)
{
    private readonly GraphProto _result = new() { Name = graph.Name };
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);

    public GraphProto Translate()
    {
        _result.Input.Add(Image(graph.InputName, graph.InputChannels, "height", "width"));
        foreach (var node in graph.Nodes.Skip(1))
        {
            var (operation, parameters, attributes) = OperationOf(node);
            _result.Node.Add(new NodeProto
            {
                Name = node.Name,
                OpType = operation,
                Input = { node.Inputs.Select(TensorOf).Concat(parameters) },
                Output = { TensorOf(node.Index) },
                Attribute = { attributes },
            });
        }

        var prefix = graph.Output.Extent == Extent.Input ? "" : "output_";
        _result.Output.Add(Image(graph.OutputName, graph.OutputChannels, $"{prefix}height", $"{prefix}width"));
        return _result;
    }

    // The operator, its inputs in addition to the results of earlier nodes, and its attributes.
    private (string Name, string[] Parameters, AttributeProto[] Attributes) OperationOf(GraphNode node) => node switch
    {
        ConvNode n => (
            "Conv",
            Weights(n),
            [Ints("kernel_shape", n.Kernel, 2), Ints("pads", n.Pad, 4), Ints("strides", n.Stride, 2)]),
        ConvTransposeNode n => (
            "ConvTranspose",
            Weights(n),
            [
                Ints("kernel_shape", n.Kernel, 2), Ints("output_padding", n.OutputPadding, 2), Ints("pads", n.Pad, 4),
                Ints("strides", n.Stride, 2),
            ]),
        InstanceNormNode { Scale: null } n => (
            "InstanceNormalization",
            [Constant("ones", 1, n.Channels), Constant("zeros", 0, n.Channels)],
            [Float("epsilon", n.Epsilon)]),
        InstanceNormNode n => ("InstanceNormalization", Weights(n), [Float("epsilon", n.Epsilon)]),
        BatchNormNode n => ("BatchNormalization", Weights(n), [Float("epsilon", n.Epsilon)]),
        ReluNode => ("Relu", [], []),
        LeakyReluNode n => ("LeakyRelu", [], [Float("alpha", n.Slope)]),
        TanhNode => ("Tanh", [], []),
        AtanhNode => ("Atanh", [], []),
        ClipNode n => ("Clip", [Scalar(n.Minimum), Scalar(n.Maximum)], []),
        SoftmaxNode => ("Softmax", [], [Int("axis", 1)]),
        AddNode => ("Add", [], []),
        ConcatNode => ("Concat", [], [Int("axis", 1)]),
        ReflectPadNode n => ("Pad", [Pads(0, n.Pad, 0, n.Pad)], [Text("mode", "reflect")]),
        ZeroPadChannelsNode n => ("Pad", [Pads(n.Before, 0, n.After, 0)], [Text("mode", "constant")]),
        UpsampleLinearNode n => (
            "Resize",
            ["", Scales(n.Factor)],
            [Text("coordinate_transformation_mode", "half_pixel"), Text("mode", "linear")]),
        MaxPoolNode n => ("MaxPool", [], [Ints("kernel_shape", n.Window, 2), Ints("strides", n.Window, 2)]),
        _ => throw new NotSupportedException(
            $"Operation {node.GetType().Name} of layer '{node.Name}' cannot be written as ONNX."),
    };

    private string TensorOf(int index) =>
        index == 0 ? graph.InputName
        : index == graph.Output.Index ? graph.OutputName
        : graph.Nodes[index].Name;

    private string[] Weights(GraphNode node) =>
        [.. node.ParameterNames.Select(name => Initializer(name, weights[name].Values, weights[name].Shape))];

    /// <summary>Adds scale or shift for normalisations without them, shared by all with the same number of channels.</summary>
    private string Constant(string name, float value, int channels) =>
        Initializer($"constant.{name}{channels}", [.. Enumerable.Repeat(value, channels)], [channels]);

    private string Scalar(float value) =>
        Initializer(string.Create(CultureInfo.InvariantCulture, $"constant.{value}"), [value], []);

    private string Scales(int factor) =>
        Initializer($"constant.scales{factor}", [1, 1, factor, factor], [4]);

    /// <summary>Adds the channels and pixels to pad before and after, in ONNX's order: (N, C, H, W) twice.</summary>
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
            // ONNX is little-endian, like every processor that libtorch runs on.
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

    private static AttributeProto Ints(string name, long value, int count) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { Enumerable.Repeat(value, count) } };

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
                new Dimension { DimParam = "batch" }, new Dimension { DimValue = channels },
                new Dimension { DimParam = height }, new Dimension { DimParam = width },
            },
        };
        var type = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float, Shape = shape };
        return new() { Name = name, Type = new() { TensorType = type } };
    }
}
