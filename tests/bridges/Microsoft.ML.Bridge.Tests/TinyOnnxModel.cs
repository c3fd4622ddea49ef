using System.Text;

namespace MkdSeg.Bridges.Tests;

/// <summary>Models of one operator, written as protocol buffer bytes by hand, so that no exporter is needed.</summary>
internal static class TinyOnnxModel
{
    private const int FloatElement = 1;

    /// <summary>y = operator(x), both float of the given shape; a dimension of -1 is symbolic.</summary>
    public static byte[] Unary(string operatorType, params int[] shape)
    {
        return Model(Node(operatorType, ["x"], ["y"]), ["x"], ["y"], shape);
    }

    /// <summary>z = operator(x, y), all float of the given shape.</summary>
    public static byte[] Binary(string operatorType, params int[] shape)
    {
        return Model(Node(operatorType, ["x", "y"], ["z"]), ["x", "y"], ["z"], shape);
    }

    private static byte[] Model(byte[] node, string[] inputs, string[] outputs, int[] shape)
    {
        var graph = new List<byte>();
        graph.AddRange(Bytes(1, node));
        graph.AddRange(Bytes(2, Encoding.UTF8.GetBytes("tiny")));
        foreach (var name in inputs)
            graph.AddRange(Bytes(11, ValueInfo(name, shape)));
        foreach (var name in outputs)
            graph.AddRange(Bytes(12, ValueInfo(name, shape)));
        var opset = Varint(2, 17);
        return [.. Varint(1, 8), .. Bytes(7, [.. graph]), .. Bytes(8, opset)];
    }

    private static byte[] Node(string operatorType, string[] inputs, string[] outputs)
    {
        var node = new List<byte>();
        foreach (var name in inputs)
            node.AddRange(Bytes(1, Encoding.UTF8.GetBytes(name)));
        foreach (var name in outputs)
            node.AddRange(Bytes(2, Encoding.UTF8.GetBytes(name)));
        node.AddRange(Bytes(4, Encoding.UTF8.GetBytes(operatorType)));
        return [.. node];
    }

    private static byte[] ValueInfo(string name, int[] shape)
    {
        var dimensions = new List<byte>();
        for (var axis = 0; axis < shape.Length; axis++)
        {
            dimensions.AddRange(Bytes(1, shape[axis] >= 0
                ? Varint(1, (ulong)shape[axis])
                : Bytes(2, Encoding.UTF8.GetBytes($"d{axis}"))));
        }
        byte[] tensor = [.. Varint(1, FloatElement), .. Bytes(2, [.. dimensions])];
        return [.. Bytes(1, Encoding.UTF8.GetBytes(name)), .. Bytes(2, Bytes(1, tensor))];
    }

    private static byte[] Varint(int field, ulong value) => [.. Raw((ulong)field << 3), .. Raw(value)];

    private static byte[] Bytes(int field, byte[] content) =>
        [.. Raw(((ulong)field << 3) | 2), .. Raw((ulong)content.Length), .. content];

    private static byte[] Raw(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
