namespace MkdSeg.Phantom.Internals;

/// <summary>Smooth noise like <see cref="LatticeNoise"/>, from a table; repeats every 64 cells.</summary>
internal static class GrainTable
{
    private const int Cells = 64;
    private const double SmoothingCells = 1.2;
    private static readonly float[] Values = Make();

    /// <summary>Returns the value at any position, in cells.</summary>
    public static float At(float x, float y, float z)
    {
        var (i, j, k) = ((int)MathF.Floor(x) & (Cells - 1), (int)MathF.Floor(y) & (Cells - 1), (int)MathF.Floor(z) & (Cells - 1));
        return Values[i + (Cells * (j + (Cells * k)))];
    }

    private static float[] Make()
    {
        var random = new SeededRandom(64);
        var size = new GridSize(Cells, Cells, Cells);
        var values = new float[size.VoxelCount];
        foreach (ref var value in values.AsSpan())
            value = (float)random.NextGaussian();
        GaussianFilter.Blur(values, size, new(SmoothingCells, SmoothingCells, SmoothingCells));
        var sd = Math.Sqrt(values.Average(value => (double)value * value));
        foreach (ref var value in values.AsSpan())
            value *= (float)(0.35 / sd);
        return values;
    }
}
