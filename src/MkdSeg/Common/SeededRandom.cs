using System.Numerics;
using System.Runtime.InteropServices;

namespace MkdSeg.Common;

/// <summary>
/// The xoshiro256** generator of Blackman and Vigna (2018), with its state initialised from the seed by SplitMix64. A
/// seed yields the same numbers on every machine. Not thread-safe: give each thread a derived stream.
/// </summary>
internal sealed class SeededRandom
{
    private readonly ulong _seed;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double? _spareGaussian;

    /// <summary>Creates a stream from a seed; every seed, including 0, is valid.</summary>
    public SeededRandom(ulong seed)
    {
        _seed = seed;
        var x = seed;
        _s0 = SplitMix64(ref x);
        _s1 = SplitMix64(ref x);
        _s2 = SplitMix64(ref x);
        _s3 = SplitMix64(ref x);
    }

    /// <summary>Continues a stream exactly where its state was saved.</summary>
    public SeededRandom(RandomState state)
    {
        if ((state.S0 | state.S1 | state.S2 | state.S3) == 0)
            throw new ArgumentException("The state of a random stream cannot be all zeros.", nameof(state));
        _seed = state.Seed;
        State = state;
    }

    /// <summary>The state that determines the next draws. Setting the state of a stream with another seed is an error.</summary>
    public RandomState State
    {
        get => new(_seed, _s0, _s1, _s2, _s3, _spareGaussian);
        set
        {
            if (value.Seed != _seed)
            {
                throw new ArgumentException(
                    $"The state is from a stream with seed {value.Seed}; this stream has seed {_seed}.", nameof(value));
            }

            (_s0, _s1, _s2, _s3, _spareGaussian) = (value.S0, value.S1, value.S2, value.S3, value.SpareGaussian);
        }
    }

    /// <summary>Derives an independent stream that depends only on the seed and a number, not on what has been drawn.</summary>
    public SeededRandom Derive(ulong key)
    {
        var seed = _seed;
        var mixed = SplitMix64(ref seed) ^ BitOperations.RotateLeft(key, 32);
        return new(SplitMix64(ref mixed) + key);
    }

    /// <summary>Derives an independent stream identified by a name; see <see cref="Derive(ulong)"/>.</summary>
    public SeededRandom Derive(string name)
    {
        var hash = 0xCBF29CE484222325UL; // FNV-1a over UTF-16 units
        foreach (var unit in MemoryMarshal.AsBytes(name.AsSpan()))
            hash = (hash ^ unit) * 0x100000001B3UL;
        return Derive(hash);
    }

    /// <summary>Draws 64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Draws uniformly from [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws uniformly from [0, 1) with 24 bits.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Draws uniformly from 0 … maxExclusive − 1, without bias (Lemire 2019).</summary>
    public int NextInt(int maxExclusive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxExclusive);
        var range = (uint)maxExclusive;
        var product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            var threshold = unchecked(0u - range) % range;
            while ((uint)product < threshold)
                product = (NextUInt64() >> 32) * range;
        }

        return (int)(product >> 32);
    }

    /// <summary>Draws uniformly from [from, to).</summary>
    public double Uniform(double from, double to) => from + ((to - from) * NextDouble());

    /// <summary>Draws from a normal distribution with mean 0 and standard deviation 1 (Marsaglia's polar method).</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }

        while (true)
        {
            var u = (2 * NextDouble()) - 1;
            var v = (2 * NextDouble()) - 1;
            var s = (u * u) + (v * v);
            if (s is >= 1 or 0)
                continue;
            var factor = Math.Sqrt(-2 * Math.Log(s) / s);
            _spareGaussian = v * factor;
            return u * factor;
        }
    }

    /// <summary>Shuffles the items uniformly at random (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix64(ref ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        var z = x;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>Everything that determines what a <see cref="SeededRandom"/> draws next; saved in checkpoints.</summary>
internal readonly record struct RandomState(
    ulong Seed, ulong S0, ulong S1, ulong S2, ulong S3, double? SpareGaussian = null);
