namespace MkdSeg.IO.Dicom;

/// <summary>Slices at equal distances; if they are shifted, as by a tilted gantry, they are placed on a straight grid.</summary>
internal sealed class SliceStack
{
    // Slices closer than this are at the same position, mm.
    private const double SamePositionMm = 0.01;

    // Scanners round positions.
    private const double DistanceTolerance = 0.1;

    // Sideways shift above which slices are straightened, pixels.
    private const double ShiftTolerance = 0.5;

    private SliceStack(
        IReadOnlyList<DicomImage> images, Grid grid, (double X, double Y)[]? offsets, IReadOnlyList<string> warnings) =>
        (Images, Grid, Offsets, Warnings) = (images, grid, offsets, warnings);

    /// <summary>The slices from the first to the last along the normal.</summary>
    public IReadOnlyList<DicomImage> Images { get; }

    public Grid Grid { get; }

    /// <summary>Where the first pixel of each file lies in its grid slice, pixels; null if at (0, 0).</summary>
    public (double X, double Y)[]? Offsets { get; }

    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// Returns a mask's values at the pixels of a file: if slices were shifted, each pixel takes the nearest voxel.
    /// </summary>
    /// <param name="mask">The mask, on <see cref="Grid"/>.</param>
    /// <param name="z">The slice.</param>
    /// <param name="buffer">A buffer of a file's size; receives the values if slices were shifted.</param>
    public ReadOnlySpan<byte> OwnSlice(Volume<byte> mask, int z, byte[] buffer)
    {
        var slice = mask.Slice(z);
        if (Offsets is null)
            return slice;
        var (columns, left, top) = (Images[z].Columns, (int)Math.Round(Offsets[z].X), (int)Math.Round(Offsets[z].Y));
        for (var y = 0; y < Images[z].Rows; y++)
            slice.Slice(((top + y) * Grid.Size.X) + left, columns).CopyTo(buffer.AsSpan(y * columns));
        return buffer;
    }

    /// <summary>Returns two files at one position, or null. All files must have a position and the same direction.</summary>
    public static (DicomImage First, DicomImage Second)? FindDouble(IEnumerable<DicomImage> files)
    {
        var sorted = Sort([.. files]);
        for (var i = 1; i < sorted.Length; i++)
        {
            if ((sorted[i].Position!.Value - sorted[i - 1].Position!.Value).Length < SamePositionMm)
                return (sorted[i - 1], sorted[i]);
        }

        return null;
    }

    /// <summary>Builds the stack from slices of one size, direction and spacing, or returns why they do not form one.</summary>
    public static (SliceStack? Stack, string? Problem) Build(string title, IReadOnlyList<DicomImage> files)
    {
        var sorted = Sort([.. files]);
        var (axisX, axisY) = sorted[0].Axes!.Value;
        var normal = Normal(sorted[0]);
        var spacing = sorted[0].Spacing!.Value;
        var origin = sorted[0].Position!.Value;
        var heights = Array.ConvertAll(sorted, file => (file.Position!.Value - origin).Dot(normal));
        if (WhyUneven(title, sorted, heights) is { } problem)
            return (null, problem);
        var count = sorted.Length;
        var step = count > 1
            ? heights[^1] / (count - 1)
            : sorted[0].Reals(DicomTag.SliceThickness) is [> 0 and var thickness] ? thickness : 1;
        var shifts = Array.ConvertAll(sorted, file =>
        {
            var offset = file.Position!.Value - origin;
            return (X: offset.Dot(axisX) / spacing.X, Y: offset.Dot(axisY) / spacing.Y);
        });
        var size = new GridSize(sorted[0].Columns, sorted[0].Rows, count);
        var direction = new Direction(axisX, axisY, normal);
        var spacingMm = new Vector3D(spacing.X, spacing.Y, step);
        if (HeaderGrid.Problem(size, spacingMm) is { } wrong)
            return (null, $"{title} ('{sorted[0].Path}') {wrong}");
        if (shifts.All(shift => Math.Max(Math.Abs(shift.X), Math.Abs(shift.Y)) <= ShiftTolerance))
            return (new(sorted, new(size, spacingMm, origin, direction), null, []), null);

        var (left, top) = (Math.Floor(shifts.Min(shift => shift.X)), Math.Floor(shifts.Min(shift => shift.Y)));
        var width = size.X + Math.Ceiling(shifts.Max(shift => shift.X)) - left;
        var height = size.Y + Math.Ceiling(shifts.Max(shift => shift.Y)) - top;
        if (width > 3.0 * size.X || height > 3.0 * size.Y)
        {
            return (null, $"{title}: its slices do not lie on top of each other ('{sorted[0].Path}' and '{sorted[^1].Path}'); "
                + "export slices of one scan.");
        }

        if (HeaderGrid.Problem([(long)width, (long)height, count]) is { } large)
            return (null, $"{title} ('{sorted[0].Path}') {large}");
        var straight = new GridSize((int)width, (int)height, count);
        var sideways = new Vector3D(shifts[^1].X * spacing.X, shifts[^1].Y * spacing.Y, 0).Length;
        var degrees = Math.Atan2(sideways, heights[^1]) * 180 / Math.PI;
        var warning = string.Create(
            CultureInfo.InvariantCulture,
            $"{title} was scanned with the gantry tilted by {degrees:0.0}° ('{sorted[0].Path}'); its slices are shifted "
            + $"onto a straight grid of {straight} voxels, which the mask uses too.");
        return (
            new(
                sorted,
                new(straight, spacingMm, origin + (axisX * (left * spacing.X)) + (axisY * (top * spacing.Y)), direction),
                Array.ConvertAll(shifts, shift => (shift.X - left, shift.Y - top)),
                [warning]),
            null);
    }

    private static Vector3D Normal(DicomImage file)
    {
        var (x, y) = file.Axes!.Value;
        return x.Cross(y);
    }

    private static DicomImage[] Sort(DicomImage[] files)
    {
        var normal = Normal(files[0]);
        return
        [
            .. files.OrderBy(file => file.Position!.Value.Dot(normal)).ThenBy(file => file.Path, StringComparer.Ordinal),
        ];
    }

    private static string? WhyUneven(string title, DicomImage[] sorted, double[] heights)
    {
        double[] gaps = [.. heights.Skip(1).Zip(heights, (next, height) => next - height)];
        if (gaps.Length == 0)
            return null;
        var ordered = gaps.Order().ToArray();
        var usual = ordered[(ordered.Length - 1) / 2];
        if (!(usual > SamePositionMm))
        {
            return $"{title}: its slices are all at one height ('{sorted[0].Path}'); positions along the slice normal are "
                + "expected: export slices of one scan.";
        }

        for (var i = 0; i < gaps.Length; i++)
        {
            if (Math.Abs(gaps[i] - usual) <= DistanceTolerance * usual)
                continue;
            var missing = (int)Math.Round(gaps[i] / usual) - 1;
            var whole = Math.Abs(gaps[i] - ((missing + 1) * usual)) <= DistanceTolerance * usual;
            var found = string.Create(CultureInfo.InvariantCulture, $"{gaps[i]:0.###} mm apart, others {usual:0.###} mm");
            var between = $"between '{sorted[i].Path}' and '{sorted[i + 1].Path}'";
            return missing > 0 && whole
                ? $"{title}: {missing} {(missing == 1 ? "slice is" : "slices are")} missing {between}, which are {found}; "
                    + "export the complete series again."
                : $"{title}: unequal distances {between}, which are {found}; equal distances are expected: check for "
                    + "missing slices.";
        }

        return null;
    }
}
