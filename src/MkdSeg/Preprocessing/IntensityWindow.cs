namespace MkdSeg.Preprocessing;

/// <summary>
/// The intensities that map linearly to [-1, 1]; values outside are clipped. Each end is a fixed value or a percentile
/// of the volume.
/// </summary>
/// <remarks>
/// If the upper end is not above the lower end (a constant volume), voxels up to the lower end become -1 and higher
/// voxels 1. NaN voxels are excluded from percentiles and become -1.
/// </remarks>
public sealed record IntensityWindow
{
    /// <summary>CT: from −200 HU, below which there is only fat and lung, to the 98th percentile.</summary>
    public static IntensityWindow Ct { get; } = new() { LowerValue = -200 };

    /// <summary>MR, whose intensities have no unit: 1st to 98th percentile.</summary>
    public static IntensityWindow Mr { get; } = new() { LowerPercentile = 1 };

    /// <summary>Lower end in the volume's unit; takes precedence over <see cref="LowerPercentile"/>.</summary>
    public double? LowerValue { get; init; }

    /// <summary>Lower end as a percentile, 0 to 100; 0 (the minimum) if neither is given.</summary>
    public double? LowerPercentile { get; init; }

    /// <summary>Upper end in the volume's unit; takes precedence over <see cref="UpperPercentile"/>.</summary>
    public double? UpperValue { get; init; }

    /// <summary>Upper end as a percentile, 0 to 100.</summary>
    public double UpperPercentile { get; init; } = 98;

    /// <summary>Returns the two ends for the given voxels, in the volume's unit.</summary>
    public (double Lower, double Upper) Limits(ReadOnlySpan<float> values)
    {
        if (LowerValue is { } lower && UpperValue is { } upper)
            return (lower, upper);
        var ends = Percentiles.Of(values, LowerPercentile ?? 0, UpperPercentile);
        return (LowerValue ?? ends[0], UpperValue ?? ends[1]);
    }

    /// <summary>Maps intensities to [-1, 1] in place.</summary>
    public void ApplyInPlace(Span<float> values)
    {
        var (lower, upper) = Limits(values);
        if (!(upper > lower))
        {
            foreach (ref var value in values)
                value = value > lower ? 1 : -1;
            return;
        }

        var (offset, scale) = ((float)lower, (float)(2 / (upper - lower)));
        foreach (ref var value in values)
        {
            // Math.Clamp would let NaN through; this comparison maps it to -1.
            var mapped = ((value - offset) * scale) - 1;
            value = mapped > -1 ? Math.Min(mapped, 1) : -1;
        }
    }

    internal void Validate(string source)
    {
        foreach (var percentile in (double[])[LowerPercentile ?? 0, UpperPercentile])
        {
            if (!(percentile is >= 0 and <= 100))
                throw new UserErrorException($"{source}: a percentile is {percentile}; it must be between 0 and 100.");
        }

        if (LowerValue is { } lower && UpperValue is { } upper && !(lower < upper))
        {
            throw new UserErrorException(
                $"{source}: the intensity window is {lower} to {upper}; the upper end must be above the lower.");
        }
    }
}
