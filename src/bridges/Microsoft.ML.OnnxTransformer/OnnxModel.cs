using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>One session over a model's bytes, and what its inputs and outputs look like as columns.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly Dictionary<string, OnnxVariable> _inputs;
    private readonly Dictionary<string, OnnxVariable> _outputs;

    public OnnxModel(byte[] bytes, OnnxOptions options, int? gpuDeviceId, bool fallbackToCpu)
    {
        Bytes = bytes;
        Session = Open(bytes, options, gpuDeviceId, fallbackToCpu);
        _inputs = Variables(Session.InputMetadata, options.ShapeDictionary);
        _outputs = Variables(Session.OutputMetadata, options.ShapeDictionary);
    }

    public byte[] Bytes { get; }

    public InferenceSession Session { get; }

    public IEnumerable<string> InputNames => Session.InputMetadata.Keys;

    public IEnumerable<string> OutputNames => Session.OutputMetadata.Keys;

    public OnnxVariable Input(string name) => _inputs.GetValueOrDefault(name)
        ?? throw new ArgumentException(
            $"Input tensor, {name}, does not exist in the ONNX model. "
            + $"Available input names are [{string.Join(",", InputNames)}].", nameof(name));

    public OnnxVariable Output(string name) => _outputs.GetValueOrDefault(name)
        ?? throw new ArgumentException(
            $"Output tensor, {name}, does not exist in the ONNX model. "
            + $"Available output names are [{string.Join(",", OutputNames)}].", nameof(name));

    public void Dispose() => Session.Dispose();

    private static InferenceSession Open(byte[] bytes, OnnxOptions options, int? gpuDeviceId, bool fallbackToCpu)
    {
        if (gpuDeviceId is { } device)
        {
            try
            {
                using var gpu = SessionOptions.MakeSessionOptionWithCudaProvider(device);
                return new InferenceSession(bytes, gpu);
            }
            catch (OnnxRuntimeException) when (fallbackToCpu)
            {
                // Asked for: the CPU serves where the GPU cannot.
            }
        }
        using var cpu = new SessionOptions();
        cpu.InterOpNumThreads = options.InterOpNumThreads ?? 0;
        cpu.IntraOpNumThreads = options.IntraOpNumThreads ?? 0;
        return new InferenceSession(bytes, cpu);
    }

    private static Dictionary<string, OnnxVariable> Variables(
        IReadOnlyDictionary<string, NodeMetadata> nodes, IDictionary<string, int[]> shapes)
    {
        return nodes.ToDictionary(node => node.Key, node =>
        {
            if (!node.Value.IsTensor)
            {
                throw new NotSupportedException(
                    $"{nameof(OnnxCatalog.ApplyOnnxModel)}: '{node.Key}' is a {node.Value.OnnxValueType}; "
                    + "only tensors are supported.");
            }
            int[] given = null;
            if (shapes?.TryGetValue(node.Key, out given) == true && !Compatible(given, node.Value.Dimensions))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(shapes),
                    $"The specified shape {string.Join(",", given)} is not compatible with the shape "
                    + $"{string.Join(",", node.Value.Dimensions)} loaded from the ONNX model file. "
                    + "Only unknown dimension can replace or be replaced by another dimension.");
            }
            return new OnnxVariable(node.Key, node.Value.ElementType, given ?? node.Value.Dimensions, given != null);
        });
    }

    private static bool Compatible(int[] given, int[] known) =>
        given.Length == known.Length
            && given.Zip(known).All(pair => pair.First == pair.Second || pair.First <= 0 || pair.Second <= 0);
}

/// <summary>An input or output tensor of a model; unknown dimensions are not positive.</summary>
internal sealed class OnnxVariable
{
    public OnnxVariable(string name, Type elementType, int[] shape, bool isShapeGiven)
    {
        Name = name;
        ItemType = MemberTypes.ItemTypeOrNull(elementType)
            ?? throw new NotSupportedException($"Unsupported ONNX tensor type: {elementType} of '{name}'");

        // Rows are scored one by one: the first dimension, the batch, counts as 1 where the model leaves it open.
        Shape = [.. shape];
        if (Shape.Length > 0 && Shape[0] <= 0 && !isShapeGiven)
            Shape[0] = 1;
        ColumnType = Shape.Length == 0 ? ItemType
            : Shape.All(dimension => dimension > 0) ? new VectorDataViewType(ItemType, Shape)
            : new VectorDataViewType(ItemType);
    }

    public string Name { get; }

    public PrimitiveDataViewType ItemType { get; }

    public int[] Shape { get; }

    public DataViewType ColumnType { get; }

    /// <summary>
    /// The shape for this many values, where at most one dimension is open; throws where the two do not fit.
    /// </summary>
    public int[] ShapeFor(int valueCount)
    {
        var known = Shape.Where(dimension => dimension > 0)
            .Aggregate(1, (product, dimension) => checked(product * dimension));
        var open = Shape.Count(dimension => dimension <= 0);
        if (open > 1 || valueCount % known != 0 || (open == 0 && valueCount != known))
        {
            throw new InvalidOperationException(
                $"Input shape mismatch: Input '{Name}' has shape {string.Join(",", Shape)}, "
                + $"but input data is of length {valueCount}.");
        }
        return Shape.Select(dimension => dimension > 0 ? dimension : valueCount / known).ToArray();
    }
}
