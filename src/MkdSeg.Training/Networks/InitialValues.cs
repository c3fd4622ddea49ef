using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace MkdSeg.Training.Networks;

/// <summary>Draws the initial values of a parameter from a stream that its name and the seed determine.</summary>
internal static class InitialValues
{
    public static float[] Of(ParameterSpec spec, ulong seed)
    {
        var values = new float[spec.Length];
        if (spec.Initialization.StandardDeviation == 0)
            Array.Fill(values, (float)spec.Initialization.Mean);
        else
            FillNormal(values, spec.Initialization, new Stream(seed, spec.Name));
        return values;
    }

    /// <summary>Marsaglia's polar method gives two normal deviates per accepted point of the unit disc.</summary>
    private static void FillNormal(float[] values, Initialization normal, Stream stream)
    {
        for (var i = 0; i < values.Length;)
        {
            double u = 2 * stream.NextDouble() - 1, v = 2 * stream.NextDouble() - 1;
            var square = u * u + v * v;
            if (square is >= 1 or 0)
                continue;
            var factor = normal.StandardDeviation * Math.Sqrt(-2 * Math.Log(square) / square);
            values[i++] = (float)(normal.Mean + u * factor);
            if (i < values.Length)
                values[i++] = (float)(normal.Mean + v * factor);
        }
    }

    /// <summary>xoshiro256** (Blackman and Vigna 2018), its state the SHA-256 of seed and name.</summary>
    private sealed class Stream
    {
        private ulong _s0, _s1, _s2, _s3;

        public Stream(ulong seed, string name)
        {
            Span<byte> state = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{name}"));
            _s0 = BinaryPrimitives.ReadUInt64LittleEndian(state);
            _s1 = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
            _s2 = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
            _s3 = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
        }

        /// <summary>Uniform in [0, 1), 53 bits.</summary>
        public double NextDouble()
        {
            var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            var t = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= t;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return (result >> 11) * (1.0 / (1UL << 53));
        }
    }
}
