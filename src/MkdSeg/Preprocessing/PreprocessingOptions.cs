using System.ComponentModel;

namespace MkdSeg.Preprocessing;

/// <summary>What happens to a volume before a network sees it. The defaults are those of the phantom preset.</summary>
public sealed record PreprocessingOptions
{
    /// <summary>The canonical orientation: towards which side of the patient each voxel axis runs.</summary>
    [Description("Canonical orientation: three letters naming the side towards which the x, y and z axis run.")]
    public string Orientation { get; init; } = "LPS";

    /// <summary>Spacing of the networks' pixels, mm.</summary>
    [Description("Spacing of the networks' pixels, mm; slices keep their own distance.")]
    public double InPlaneSpacingMm { get; init; } = 2.5;

    /// <summary>Pixels along each side of the networks' input.</summary>
    [Description("Pixels along each side of the networks' square input.")]
    public int PatchSize { get; init; } = 64;

    /// <summary>Slices this far above and below the heart are included, mm.</summary>
    [Description("Slices this far above and below the heart are included, mm.")]
    public double ZMarginMm { get; init; } = 15;

    /// <summary>The intensities that map to [-1, 1].</summary>
    [Description("The intensities that map linearly to [-1, 1].")]
    public IntensityWindow Window { get; init; } = IntensityWindow.Ct;

    /// <summary>How the networks' field of view is chosen.</summary>
    [Description("How the networks' field of view is chosen.")]
    public CropRule Crop { get; init; } = CropRule.Label;
}
