namespace MkdSeg.Preprocessing;

/// <summary>Maps voxel (i, j, k) of one grid to (FirstX + i StepX, FirstY + j StepY, FirstZ + k) on another.</summary>
internal readonly record struct GridAlignment(double FirstX, double FirstY, int FirstZ, double StepX, double StepY)
{
    private const double Tolerance = 1e-3;

    /// <exception cref="ArgumentException">Axes differ, or slices do not coincide.</exception>
    public static GridAlignment Of(Grid grid, Grid on)
    {
        for (var axis = 0; axis < 3; axis++)
        {
            if ((grid.Direction[axis] - on.Direction[axis]).Length > Tolerance)
            {
                throw new ArgumentException(
                    $"The axes of the two grids run in different directions ({Orientation.Of(grid)} and "
                    + $"{Orientation.Of(on)}); reorient the volume first.",
                    nameof(grid));
            }
        }

        var first = on.ToIndex(grid.OriginMm);
        var drift = Math.Abs(grid.SpacingMm.Z - on.SpacingMm.Z) / on.SpacingMm.Z * grid.Size.Z;
        if (drift > 0.1 || Math.Abs(first.Z - Math.Round(first.Z)) > 0.1)
        {
            throw new ArgumentException(
                $"The slices do not coincide: {grid.SpacingMm.Z:g6} mm apart starting at slice {first.Z:f2} of the "
                + $"other grid, whose slices are {on.SpacingMm.Z:g6} mm apart.",
                nameof(grid));
        }

        return new(
            first.X, first.Y, (int)Math.Round(first.Z),
            grid.SpacingMm.X / on.SpacingMm.X, grid.SpacingMm.Y / on.SpacingMm.Y);
    }
}
