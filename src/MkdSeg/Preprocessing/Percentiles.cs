namespace MkdSeg.Preprocessing;

/// <summary>Computes exact percentiles without sorting or copying the values.</summary>
internal static class Percentiles
{
    private const int Half = 1 << 16;

    /// <summary>Computes percentiles of the non-NaN values, interpolated linearly (NumPy's default, type 7).</summary>
    public static double[] Of(ReadOnlySpan<float> values, params ReadOnlySpan<double> percentiles)
    {
        var upperHalves = new int[Half];
        var count = 0;
        foreach (var value in values)
        {
            if (float.IsNaN(value))
                continue;
            upperHalves[Key(value) >> 16]++;
            count++;
        }

        var lowerHalves = new Dictionary<int, int[]>();
        var result = new double[percentiles.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (!(percentiles[i] is >= 0 and <= 100))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(percentiles), percentiles[i], "A percentile must be between 0 and 100.");
            }

            if (count == 0)
            {
                result[i] = double.NaN;
                continue;
            }

            var rank = percentiles[i] / 100 * (count - 1);
            var below = (int)Math.Floor(rank);
            var fraction = rank - below;
            result[i] = Select(values, below, upperHalves, lowerHalves);
            if (fraction > 0)
                result[i] += fraction * (Select(values, below + 1, upperHalves, lowerHalves) - result[i]);
        }

        return result;
    }

    /// <summary>Finds the value at a rank: its upper 16 bits from one histogram, the lower from another over that bin.</summary>
    private static double Select(
        ReadOnlySpan<float> values, int rank, int[] upperHalves, Dictionary<int, int[]> lowerHalves)
    {
        var upper = Find(upperHalves, ref rank);
        if (!lowerHalves.TryGetValue(upper, out var lower))
        {
            lower = new int[Half];
            foreach (var value in values)
            {
                var key = Key(value);
                if (key >> 16 == upper && !float.IsNaN(value))
                    lower[key & (Half - 1)]++;
            }

            lowerHalves.Add(upper, lower);
        }

        return Value(((uint)upper << 16) | (uint)Find(lower, ref rank));
    }

    private static int Find(int[] histogram, ref int rank)
    {
        var bin = 0;
        while (rank >= histogram[bin])
            rank -= histogram[bin++];
        return bin;
    }

    /// <summary>Maps a number to an unsigned key that sorts in the same order.</summary>
    private static uint Key(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }

    private static float Value(uint key) =>
        BitConverter.UInt32BitsToSingle((key & 0x80000000) != 0 ? key & 0x7FFFFFFF : ~key);
}
