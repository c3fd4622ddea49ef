using System.ComponentModel;
using MkdSeg.Common;

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

    /// <summary>Checks that the values make sense.</summary>
    /// <param name="source">Where they come from, for the message.</param>
    /// <exception cref="UserErrorException">A value that does not.</exception>
    public void Validate(string source)
    {
        if (!Volumes.Orientation.IsCode(Orientation))
        {
            throw new UserErrorException(
                $"{source}: '{Orientation}' names no orientation; give one letter of each pair R/L, A/P and I/S, such "
                + "as LPS.");
        }

        if (!(InPlaneSpacingMm > 0) || !double.IsFinite(InPlaneSpacingMm))
            throw new UserErrorException($"{source}: inPlaneSpacingMm is {InPlaneSpacingMm}; it must be above 0.");
        if (PatchSize < 1)
            throw new UserErrorException($"{source}: patchSize is {PatchSize}; it must be at least 1.");
        if (!(ZMarginMm >= 0) || !double.IsFinite(ZMarginMm))
            throw new UserErrorException($"{source}: zMarginMm is {ZMarginMm}; it must be at least 0.");
        Window.Validate(source);
    }
}
