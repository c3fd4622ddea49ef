namespace MkdSeg.Volumes;

/// <summary>
/// How far apart two grids of the same size are. Every comparison of an annotation with an image or a mask uses this
/// tolerance: even MM-WHS has labels whose headers differ from those of their images.
/// </summary>
/// <param name="Voxels">Largest distance between the origins along an axis, voxels.</param>
/// <param name="Spacing">Largest relative difference in spacing.</param>
/// <param name="Cosine">Largest difference in a direction cosine.</param>
internal readonly record struct GridDifference(double Voxels, double Spacing, double Cosine)
{
    /// <summary>Whether the difference is no more than rounding in a file's header.</summary>
    public bool IsRounding => Voxels <= 1e-3 && Spacing <= 1e-4 && Cosine <= 1e-4;

    /// <summary>Whether voxels with the same index can still be treated as the same place.</summary>
    public bool IsTolerable => Voxels <= 0.5 && Spacing <= 0.02 && Cosine <= 1e-2;

    public static GridDifference? Between(Grid grid, Grid other)
    {
        if (grid.Size != other.Size)
            return null;
        if (grid == other)
            return default(GridDifference);
        var (voxels, spacing, cosine) = (0.0, 0.0, 0.0);
        var offset = grid.ToIndex(other.OriginMm);
        for (var axis = 0; axis < 3; axis++)
        {
            voxels = Math.Max(voxels, Math.Abs(offset[axis]));
            spacing = Math.Max(spacing, Math.Abs((other.SpacingMm[axis] / grid.SpacingMm[axis]) - 1));
            for (var side = 0; side < 3; side++)
                cosine = Math.Max(cosine, Math.Abs(grid.Direction[axis][side] - other.Direction[axis][side]));
        }

        return new(voxels, spacing, cosine);
    }

    /// <summary>Describes a grid in a few words, for messages about two grids that differ.</summary>
    public static string Describe(Grid grid) => string.Create(
        CultureInfo.InvariantCulture,
        $"{grid.Size} voxels of {grid.SpacingMm.X:0.###}×{grid.SpacingMm.Y:0.###}×{grid.SpacingMm.Z:0.###} mm, origin "
        + $"({grid.OriginMm.X:0.##}, {grid.OriginMm.Y:0.##}, {grid.OriginMm.Z:0.##}), orientation "
        + $"{Orientation.Of(grid)}");

    /// <summary>Returns text such as "0.2 voxels in origin, 0.05% in spacing and 0 in the axis directions".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Voxels:0.###} voxels in origin, {Spacing:0.###%} in spacing and {Cosine:0.####} in the axis directions");
}
