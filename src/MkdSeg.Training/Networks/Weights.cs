using System.Diagnostics.CodeAnalysis;

namespace MkdSeg.Training.Networks;

/// <summary>The immutable weights and buffers of one network, or of several that share some, ordered by name.</summary>
internal sealed class Weights
{
    private readonly SortedDictionary<string, WeightArray> _arrays = new(StringComparer.Ordinal);

    public Weights(IEnumerable<WeightArray> arrays)
    {
        foreach (var array in arrays)
        {
            if (!_arrays.TryAdd(array.Name, array))
                throw new ArgumentException($"Weight '{array.Name}' is given twice.");
        }
    }

    /// <summary>The arrays, in the ordinal order of their names.</summary>
    public IReadOnlyCollection<WeightArray> Arrays => _arrays.Values;

    public WeightArray this[string name] => _arrays.TryGetValue(name, out var array)
        ? array
        : throw new KeyNotFoundException($"There is no weight named '{name}'.");

    public bool TryGet(string name, [NotNullWhen(true)] out WeightArray? array) =>
        _arrays.TryGetValue(name, out array);

    /// <summary>Creates the weights before training; each has its own random stream, whatever other layers exist.</summary>
    public static Weights Initialize(ulong seed, params IEnumerable<NetworkGraph> graphs) =>
        new(ParameterSpec.Union(graphs).Select(spec => new WeightArray(spec.Name, spec.Shape, spec.InitialValues(seed))));

    /// <summary>Returns a network's parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or does not fit.</exception>
    public Weights For(NetworkGraph graph) => new(graph.Parameters.Select(spec =>
    {
        if (!TryGet(spec.Name, out var array))
        {
            throw new ArgumentException(
                $"Network '{graph.Name}' needs {spec} named '{spec.Name}', which the weights do not have.");
        }

        return array.Shape.AsSpan().SequenceEqual(spec.Shape)
            ? array
            : throw new ArgumentException(
                $"Network '{graph.Name}' needs {spec} named '{spec.Name}', but the weights have it with shape " +
                $"({string.Join(", ", array.Shape)}).");
    }));
}

/// <summary>The values of one weight or buffer in row-major order.</summary>
internal sealed class WeightArray
{
    /// <summary>Takes ownership of the array.</summary>
    public WeightArray(string name, long[] shape, float[] values)
    {
        var length = shape.Aggregate(1L, (product, size) => product * size);
        if (length != values.Length)
        {
            throw new ArgumentException(
                $"Weight '{name}' of shape ({string.Join(", ", shape)}) takes {length} values, not {values.Length}.");
        }

        (Name, Shape, Values) = (name, shape, values);
    }

    public string Name { get; }
    public long[] Shape { get; }
    public float[] Values { get; }
}
