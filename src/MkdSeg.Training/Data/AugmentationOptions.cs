namespace MkdSeg.Training.Data;

/// <summary>How strongly training slices are varied at random. Angles, factors and offsets are drawn uniformly from ± the
/// given value.</summary>
/// <param name="RotationDegrees">In-plane rotation.</param>
/// <param name="Scale">Relative enlargement: 0.1 for 0.9 to 1.1.</param>
/// <param name="ShiftPixels">Shift along each axis, pixels of the patch.</param>
/// <param name="Contrast">Relative change of intensities' distance to 0.</param>
/// <param name="Brightness">Offset of intensities, which lie in [-1, 1].</param>
/// <param name="FlipLeftRight">Mirror half of the slices left to right, as the paper does, although no patient has a
/// mirrored heart.</param>
/// <param name="FlipFrontBack">Mirror half of the slices front to back.</param>
/// <param name="Gamma">Intensities u in [0, 1] become u^γ with γ from e^−Gamma to e^Gamma; 0 leaves them as they are.</param>
public sealed record AugmentationOptions(
    double RotationDegrees = 0,
    double Scale = 0,
    double ShiftPixels = 0,
    double Contrast = 0,
    double Brightness = 0,
    bool FlipLeftRight = false,
    bool FlipFrontBack = false,
    double Gamma = 0)
{
    /// <summary>No augmentation.</summary>
    public static AugmentationOptions None { get; } = new();

    /// <summary>Rotation, scale, shift and a little contrast: the best measured on the phantom.</summary>
    public static AugmentationOptions Geometric { get; } = new(
        RotationDegrees: 15, Scale: 0.12, ShiftPixels: 4, Contrast: 0.1, Brightness: 0.08);

    /// <summary>The paper's augmentation: random flips and rotations.</summary>
    public static AugmentationOptions FlipsAndRotations { get; } = new(
        RotationDegrees: 15, FlipLeftRight: true, FlipFrontBack: true);

    /// <summary>
    /// Returns the same options, but at least strong enough to bridge two modalities by augmentation alone: wide rotation,
    /// scale and shift, and varying contrast, brightness and gamma.
    /// </summary>
    internal AugmentationOptions Strengthened() => this with
    {
        RotationDegrees = Math.Max(RotationDegrees, 30),
        Scale = Math.Max(Scale, 0.25),
        ShiftPixels = Math.Max(ShiftPixels, 8),
        Contrast = Math.Max(Contrast, 0.4),
        Brightness = Math.Max(Brightness, 0.3),
        Gamma = Math.Max(Gamma, 0.7),
    };
}
