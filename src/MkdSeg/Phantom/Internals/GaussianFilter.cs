namespace MkdSeg.Phantom.Internals;

/// <summary>Separable Gaussian blur in place, mirrored at the edges.</summary>
internal static class GaussianFilter
{
    /// <summary>A Gaussian with a smaller sigma, in voxels, is treated as the identity.</summary>
    private const double SmallestSigma = 0.2;

    /// <summary>Blurs a volume; sigmas in voxels along x, y, z.</summary>
    public static void Blur(float[] voxels, GridSize size, Vector3D sigma)
    {
        Parallel.For(0, size.Z, z =>
            BlurSlice(voxels.AsSpan(z * size.SliceLength, size.SliceLength), size, sigma.X, sigma.Y));
        if (sigma.Z < SmallestSigma)
            return;
        var kernel = Kernel(sigma.Z);
        Parallel.For(0, size.Y, y =>
        {
            var line = new float[size.Z];
            for (var x = 0; x < size.X; x++)
                BlurLine(voxels, x + (size.X * y), size.SliceLength, line, kernel);
        });
    }

    /// <summary>Blurs one slice; sigmas in voxels along x and y.</summary>
    public static void BlurSlice(Span<float> slice, GridSize size, double sigmaX, double sigmaY)
    {
        var line = new float[Math.Max(size.X, size.Y)];
        if (sigmaX >= SmallestSigma)
        {
            var kernel = Kernel(sigmaX);
            for (var y = 0; y < size.Y; y++)
                BlurLine(slice, size.X * y, 1, line.AsSpan(0, size.X), kernel);
        }

        if (sigmaY >= SmallestSigma)
        {
            var kernel = Kernel(sigmaY);
            for (var x = 0; x < size.X; x++)
                BlurLine(slice, x, size.X, line.AsSpan(0, size.Y), kernel);
        }
    }

    private static float[] Kernel(double sigma)
    {
        var radius = Math.Max(1, (int)Math.Ceiling(3 * sigma));
        var kernel = new float[radius + 1];
        var sum = 0.0;
        for (var i = 0; i <= radius; i++)
        {
            kernel[i] = (float)Math.Exp(-0.5 * i * i / (sigma * sigma));
            sum += i == 0 ? kernel[i] : 2 * kernel[i];
        }

        for (var i = 0; i <= radius; i++)
            kernel[i] = (float)(kernel[i] / sum);
        return kernel;
    }

    private static void BlurLine(Span<float> data, int start, int stride, Span<float> line, float[] kernel)
    {
        var count = line.Length;
        for (var i = 0; i < count; i++)
            line[i] = data[start + (i * stride)];
        for (var i = 0; i < count; i++)
        {
            var sum = kernel[0] * line[i];
            for (var k = 1; k < kernel.Length; k++)
            {
                var before = i - k < 0 ? Math.Min(k - i - 1, count - 1) : i - k;
                var after = i + k >= count ? Math.Max((2 * count) - 1 - i - k, 0) : i + k;
                sum += kernel[k] * (line[before] + line[after]);
            }

            data[start + (i * stride)] = sum;
        }
    }
}
