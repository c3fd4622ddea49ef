namespace MkdSeg.IO;

/// <summary>
/// Grids as stated in headers, checked before memory is allocated: values that no scan of a person can have come from a
/// wrong unit, a decimal comma or a damaged header.
/// </summary>
internal static class HeaderGrid
{
    public const double SmallestSpacingMm = 0.05;
    public const double LargestSpacingMm = 20;
    private const double LargestExtentMm = 2000;
    private const double SmallestExtentMm = 10;

    // Fewer voxels are an example, not a scan.
    private const int FewestOfScan = 512;

    // Cosine between two axes above which they count as sheared; 32-bit rounding remains far below it.
    private const double ShearTolerance = 1e-3;

    /// <summary>Returns why a volume cannot have this size, as text that follows the file's name; null if it can.</summary>
    public static string? Problem(IReadOnlyList<long> sizes)
    {
        var text = string.Join('×', sizes);
        if (sizes.Any(n => n < 1))
            return $"states {text} voxels; at least 1 along each dimension is expected: regenerate the file.";
        if (sizes.Skip(3).Any(n => n != 1))
        {
            return $"has {sizes.Count} dimensions ({text}); a single three-dimensional volume is expected: extract one "
                + "time point.";
        }

        var voxels = sizes.Aggregate(1.0, (product, n) => product * n);
        return voxels > Array.MaxLength
            ? $"has {voxels:0} voxels ({text}); at most {Array.MaxLength} can be read."
            : null;
    }

    /// <summary>Returns why a scan cannot have this size and spacing, as text after the file's name; null if it can.</summary>
    public static string? Problem(GridSize size, Vector3D spacingMm)
    {
        if (Problem([size.X, size.Y, size.Z]) is { } problem)
            return problem;
        var largest = 0.0;
        for (var axis = 0; axis < 3; axis++)
        {
            var spacing = spacingMm[axis];
            if (!(spacing > 0) || !double.IsFinite(spacing))
            {
                return Invariant(
                    $"has a spacing of {spacing:0.######} mm along dimension {axis + 1}; a positive one is expected: correct its header.");
            }

            largest = Math.Max(largest, size[axis] * spacing);
            // The thickness of a single slice has no effect.
            if (size[axis] > 1 && spacing is < SmallestSpacingMm * 0.999 or > LargestSpacingMm * 1.001)
            {
                return Invariant(
                    $"has a spacing of {spacingMm.X:0.####} × {spacingMm.Y:0.####} × {spacingMm.Z:0.####} mm; {SmallestSpacingMm} to {LargestSpacingMm} mm are expected: check for a wrong unit of length and correct the header.");
            }
        }

        return largest > LargestExtentMm || (largest < SmallestExtentMm && size.VoxelCount >= FewestOfScan)
            ? Invariant(
                $"measures {size.X * spacingMm.X:0.##} × {size.Y * spacingMm.Y:0.##} × {size.Z * spacingMm.Z:0.##} mm; 1 cm to 2 m are expected: check for a wrong unit of length and correct the header.")
            : null;
    }

    /// <summary>Returns the grid with these steps, or why there is none; stated spacings lack the steps' rounding.</summary>
    public static (Grid? Grid, string? Problem) FromSteps(
        GridSize size, Vector3D[] axes, Vector3D originMm, Vector3D? statedSpacing = null)
    {
        var spacing = new double[3];
        var units = new Vector3D[3];
        for (var i = 0; i < 3; i++)
        {
            var step = axes[i];
            if (i == 2 && size.Z == 1 && !(step.Length > 0))
                step = units[0].Cross(units[1]);
            spacing[i] = step.Length;
            units[i] = step * (1 / spacing[i]);
            if (statedSpacing is { } stated && Math.Abs(stated[i] - spacing[i]) < 1e-6 * spacing[i])
                spacing[i] = stated[i];
        }

        Vector3D spacingMm = new(spacing[0], spacing[1], spacing[2]);
        if (Problem(size, spacingMm) is { } problem)
            return (null, problem);
        var direction = new Direction(units[0], units[1], units[2]);
        if (!(Math.Abs(direction.Determinant) > ShearTolerance) || !double.IsFinite(originMm.Length))
            return (null, "has a singular or non-finite orientation: its axes do not span a volume; correct its header.");
        var shear = Math.Max(
            Math.Abs(units[0].Dot(units[1])), Math.Max(Math.Abs(units[0].Dot(units[2])), Math.Abs(units[1].Dot(units[2]))));
        return shear > ShearTolerance
            ? (null, "has sheared axes; orthogonal axes are expected: resample it onto an orthogonal grid.")
            : (new Grid(size, spacingMm, originMm, direction), null);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
