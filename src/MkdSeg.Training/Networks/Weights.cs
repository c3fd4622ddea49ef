using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MkdSeg.Training.Networks;

/// <summary>
/// The named weights and buffers of one network, or of several that share some: what passes from training to the ONNX
/// writer. Immutable, in the order of their names.
/// </summary>
public sealed class Weights
{
    private readonly SortedDictionary<string, WeightArray> _arrays = new(StringComparer.Ordinal);

    /// <summary>Collects arrays.</summary>
    /// <param name="arrays">Arrays of distinct names.</param>
    /// <exception cref="ArgumentException">Two arrays have the same name.</exception>
    public Weights(IEnumerable<WeightArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        foreach (var array in arrays)
        {
            if (!_arrays.TryAdd(array.Name, array))
                throw new ArgumentException($"Weight '{array.Name}' is given twice.");
        }
    }

    /// <summary>The arrays, in the ordinal order of their names.</summary>
    public IReadOnlyCollection<WeightArray> Arrays => _arrays.Values;

    /// <summary>The array of that name.</summary>
    /// <param name="name">A parameter's name.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public WeightArray this[string name] => _arrays.TryGetValue(name, out var array)
        ? array
        : throw new KeyNotFoundException($"There is no weight named '{name}'.");

    /// <summary>The array of that name, if there is one.</summary>
    /// <param name="name">A parameter's name.</param>
    /// <param name="array">The array.</param>
    public bool TryGet(string name, [NotNullWhen(true)] out WeightArray? array) =>
        _arrays.TryGetValue(name, out array);

    /// <summary>
    /// Weights as they are before training. Each parameter draws from a stream of its own that follows from the seed
    /// and its name, so that a layer more leaves the others as they were.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="graphs">The networks; parameters of equal names are one.</param>
    /// <exception cref="ArgumentException">Networks give one name different shapes.</exception>
    public static Weights Initialize(ulong seed, params IEnumerable<NetworkGraph> graphs) =>
        new(ParameterSpec.Union(graphs).Select(spec =>
            new WeightArray(spec.Name, spec.Shape, InitialValues.Of(spec, seed))));

    /// <summary>The parameters that a network needs, out of those that are here.</summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="ArgumentException">One is missing or has another shape.</exception>
    public Weights For(NetworkGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new Weights(graph.Parameters.Select(spec =>
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
                    $"{WeightArray.Describe(array.Shape)}.");
        }));
    }

    /// <summary>SHA-256 over names, shapes and values in the order of the names: 64 lower-case hex digits.</summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var array in _arrays.Values)
        {
            var name = Encoding.UTF8.GetBytes(array.Name);
            Append(hash, number, name.Length);
            hash.AppendData(name);
            Append(hash, number, array.Shape.Length);
            foreach (var size in array.Shape)
                Append(hash, number, size);
            if (BitConverter.IsLittleEndian)
            {
                hash.AppendData(MemoryMarshal.AsBytes(array.Values.AsSpan()));
                continue;
            }

            foreach (var value in array.Values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(number, value);
                hash.AppendData(number[..sizeof(float)]);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Span<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer, value);
        hash.AppendData(buffer);
    }
}
