using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MkdSeg.Training.Networks;

/// <summary>A weight, or a buffer (not trainable) such as a running mean, shared by its name.</summary>
internal sealed record ParameterSpec(string Name, long[] Shape, Initialization Initialization, bool Trainable = true)
{
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Returns the parameters of networks trained together, shared ones once; rejects contradictions.</summary>
    public static IReadOnlyList<ParameterSpec> Union(params IEnumerable<NetworkGraph> graphs)
    {
        var owners = new Dictionary<string, (ParameterSpec Spec, string Graph)>(StringComparer.Ordinal);
        var union = new List<ParameterSpec>();
        foreach (var graph in graphs)
        {
            foreach (var spec in graph.Parameters)
            {
                if (!owners.TryGetValue(spec.Name, out var first))
                {
                    owners.Add(spec.Name, (spec, graph.Name));
                    union.Add(spec);
                }
                else if (!first.Spec.Shape.AsSpan().SequenceEqual(spec.Shape) || first.Spec.Trainable != spec.Trainable)
                {
                    throw new ArgumentException(
                        $"Parameter '{spec.Name}' cannot be shared: it is {first.Spec} in network '{first.Graph}' " +
                        $"and {spec} in network '{graph.Name}'; give one of the two layers another name.");
                }
            }
        }

        return union;
    }

    /// <summary>Draws values from a stream by seed and name (xoshiro256** seeded by SHA-256, Marsaglia's polar method).</summary>
    public float[] InitialValues(ulong seed)
    {
        var values = new float[Length];
        if (Initialization.StandardDeviation == 0)
        {
            Array.Fill(values, (float)Initialization.Mean);
            return values;
        }

        ReadOnlySpan<byte> state = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{Name}"));
        var random = new SeededRandom(new RandomState(
            seed,
            BinaryPrimitives.ReadUInt64LittleEndian(state),
            BinaryPrimitives.ReadUInt64LittleEndian(state[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(state[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(state[24..])));
        for (var i = 0; i < values.Length;)
        {
            double u = 2 * random.NextDouble() - 1, v = 2 * random.NextDouble() - 1;
            var square = u * u + v * v;
            if (square is >= 1 or 0)
                continue;
            var factor = Initialization.StandardDeviation * Math.Sqrt(-2 * Math.Log(square) / square);
            values[i++] = (float)(Initialization.Mean + u * factor);
            if (i < values.Length)
                values[i++] = (float)(Initialization.Mean + v * factor);
        }

        return values;
    }

    public override string ToString() => $"{(Trainable ? "a weight" : "a buffer")} of shape ({string.Join(", ", Shape)})";
}

/// <summary>A parameter's initial values: normally distributed, or constant if the deviation is 0.</summary>
internal readonly record struct Initialization(double Mean, double StandardDeviation)
{
    /// <summary>All zeros: biases.</summary>
    public static Initialization Zeros { get; } = new(0, 0);

    /// <summary>All ones: scales of normalisation layers, running variances.</summary>
    public static Initialization Ones { get; } = new(1, 0);

    /// <summary>N(0, σ²); σ = 0.02 for the generators and discriminators of Zhu et al. 2017.</summary>
    public static Initialization Normal(double standardDeviation) => new(0, standardDeviation);

    /// <summary>N(0, 2 / fan-in), He et al. 2015, for layers that a rectifier follows.</summary>
    public static Initialization HeNormal(int fanIn) => new(0, Math.Sqrt(2.0 / fanIn));
}
