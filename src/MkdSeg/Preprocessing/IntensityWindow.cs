using System.ComponentModel;

namespace MkdSeg.Preprocessing;

/// <summary>
/// The intensities that map linearly to [-1, 1]; what lies outside is clipped. Each end is a fixed value or a
/// percentile of the volume.
/// </summary>
/// <remarks>
/// Where the upper end is not above the lower one (a constant volume), voxels up to the lower end become -1, higher ones
/// 1. NaN voxels do not count in percentiles and become -1.
/// </remarks>
public sealed record IntensityWindow
{
    /// <summary>CT: from −200 HU, below which there is only fat and lung, to the 98th percentile.</summary>
    public static IntensityWindow Ct { get; } = new() { LowerValue = -200 };

    /// <summary>MR, whose intensities have no unit: 1st to 98th percentile.</summary>
    public static IntensityWindow Mr { get; } = new() { LowerPercentile = 1 };

    /// <summary>Lower end in the volume's unit; goes before <see cref="LowerPercentile"/>.</summary>
    [Description("Lower end in the volume's own unit; goes before lowerPercentile.")]
    public double? LowerValue { get; init; }

    /// <summary>Lower end as a percentile, 0 to 100; 0 (the minimum) where neither is given.</summary>
    [Description("Lower end as a percentile of the cropped volume, 0 to 100; the minimum where neither is given.")]
    public double? LowerPercentile { get; init; }

    /// <summary>Upper end in the volume's unit; goes before <see cref="UpperPercentile"/>.</summary>
    [Description("Upper end in the volume's own unit; goes before upperPercentile.")]
    public double? UpperValue { get; init; }

    /// <summary>Upper end as a percentile, 0 to 100.</summary>
    [Description("Upper end as a percentile of the cropped volume, 0 to 100.")]
    public double UpperPercentile { get; init; } = 98;
}
