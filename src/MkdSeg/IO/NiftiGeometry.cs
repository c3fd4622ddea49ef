using System.Globalization;
using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.IO;

/// <summary>
/// Where a NIfTI file places its voxels: by the sform where its code is set, else by the qform, else by spacing alone.
/// NIfTI counts in RAS, a <see cref="Grid"/> in LPS: x and y change sign.
/// </summary>
internal static class NiftiGeometry
{
    // Cosine between two axes from which on they count as sheared; 32-bit rounding stays far below.
    private const double ShearTolerance = 1e-3;

    /// <summary>The grid, and one sentence for each doubt about it.</summary>
    public static (Grid Grid, IReadOnlyList<string> Warnings) Of(NiftiHeader header, string path)
    {
        var size = Size(header, path);
        var warnings = new List<string>();
        var byQform = header.QformCode > 0 ? FromColumns(header, size, QformColumns(header), path) : null;
        if (header.SformCode <= 0)
        {
            if (byQform is null)
            {
                warnings.Add(
                    $"'{path}' has neither an sform nor a qform; its voxels are taken to run to the right, the front and "
                    + "the head (RAS).");
            }

            return (byQform ?? FromColumns(header, size, SpacingColumns(header), path), warnings);
        }

        var bySform = FromColumns(header, size, SformColumns(header), path);
        if (Shear(bySform.Direction) > ShearTolerance)
        {
            if (byQform is null)
            {
                throw new UserErrorException(
                    $"'{path}' has an sform with sheared axes and no qform, while axes at right angles are expected; "
                    + "resample it onto a grid with right angles.");
            }

            warnings.Add($"'{path}' has an sform with sheared axes; its qform is used.");
            return (byQform, warnings);
        }

        if (byQform is not null)
        {
            var apart = GreatestDistance(bySform, byQform);
            var smallest = Math.Min(bySform.SpacingMm.X, Math.Min(bySform.SpacingMm.Y, bySform.SpacingMm.Z));
            if (apart > 0.1 * smallest)
            {
                warnings.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The sform and the qform of '{path}' lie up to {apart:0.#} mm apart; the sform is used."));
            }
        }

        return (bySform, warnings);
    }

    private static GridSize Size(NiftiHeader header, string path)
    {
        var sizes = header.Dimensions;
        if (sizes.Skip(3).Any(n => n != 1))
        {
            throw new UserErrorException(
                $"'{path}' has {sizes.Length} dimensions ({string.Join('×', sizes)}); one volume of three dimensions is "
                + "expected: extract one time point.");
        }

        var voxels = sizes.Aggregate(1.0, (product, n) => product * n);
        return voxels <= Array.MaxLength
            ? new((int)sizes[0], (int)sizes[1], sizes.Length > 2 ? (int)sizes[2] : 1)
            : throw new UserErrorException(
                $"'{path}' has {voxels:0} voxels ({string.Join('×', sizes)}); at most {Array.MaxLength} can be read.");
    }

    // Columns of the 3×4 matrices from voxel index to RAS: three axes, then the place of the first voxel.
    private static Vector3D[] SformColumns(NiftiHeader header) =>
        [.. Enumerable.Range(0, 4).Select(i => new Vector3D(header.Rows[i], header.Rows[4 + i], header.Rows[8 + i]))];

    // Method 2 of nifti1.h.
    private static Vector3D[] QformColumns(NiftiHeader header)
    {
        var (b, c, d) = (header.Quaternion[0], header.Quaternion[1], header.Quaternion[2]);
        var square = 1 - ((b * b) + (c * c) + (d * d));
        var a = 0.0;
        if (square < 1e-7)
        {
            var length = Math.Sqrt((b * b) + (c * c) + (d * d));
            (b, c, d) = (b / length, c / length, d / length);
        }
        else
        {
            a = Math.Sqrt(square);
        }

        var spacing = header.PixelDimensions;
        var qfac = spacing[0] < 0 ? -1 : 1;
        return
        [
            new Vector3D((a * a) + (b * b) - (c * c) - (d * d), 2 * ((b * c) + (a * d)), 2 * ((b * d) - (a * c)))
                * Spacing(header, 1),
            new Vector3D(2 * ((b * c) - (a * d)), (a * a) + (c * c) - (b * b) - (d * d), 2 * ((c * d) + (a * b)))
                * Spacing(header, 2),
            new Vector3D(2 * ((b * d) + (a * c)), 2 * ((c * d) - (a * b)), (a * a) + (d * d) - (c * c) - (b * b))
                * (qfac * Spacing(header, 3)),
            new Vector3D(header.Quaternion[3], header.Quaternion[4], header.Quaternion[5]),
        ];
    }

    // Method 1 of nifti1.h.
    private static Vector3D[] SpacingColumns(NiftiHeader header) =>
    [
        new(Spacing(header, 1), 0, 0), new(0, Spacing(header, 2), 0), new(0, 0, Spacing(header, 3)), default,
    ];

    private static double Spacing(NiftiHeader header, int dimension) =>
        dimension > header.Dimensions.Length ? 1 / header.UnitMm : Math.Abs(header.PixelDimensions[dimension]);

    private static Grid FromColumns(NiftiHeader header, GridSize size, Vector3D[] ras, string path)
    {
        Vector3D Lps(Vector3D v) => new Vector3D(-v.X, -v.Y, v.Z) * header.UnitMm;
        var axes = new Vector3D[3];
        var spacing = new double[3];
        for (var i = 0; i < 3; i++)
        {
            var column = Lps(ras[i]);
            if (i == 2 && size.Z == 1 && !(column.Length > 0))
                column = axes[0].Cross(axes[1]);
            spacing[i] = column.Length;
            if (!(spacing[i] > 0) || !double.IsFinite(spacing[i]))
            {
                throw new UserErrorException(
                    $"'{path}' has a spacing of {spacing[i]} mm along dimension {i + 1}; a positive one is expected: "
                    + "correct its header.");
            }

            axes[i] = column * (1 / spacing[i]);
            // The lengths of 32-bit columns differ from the spacing in the last digits.
            var stated = Spacing(header, i + 1) * header.UnitMm;
            if (Math.Abs(stated - spacing[i]) < 1e-6 * spacing[i])
                spacing[i] = stated;
        }

        var direction = new Direction(axes[0], axes[1], axes[2]);
        var origin = Lps(ras[3]);
        if (!(Math.Abs(direction.Determinant) > ShearTolerance) || !double.IsFinite(origin.Length))
        {
            throw new UserErrorException(
                $"'{path}' has an orientation that is singular or not finite: its axes span no volume; correct its "
                + "header.");
        }

        return new Grid(size, new(spacing[0], spacing[1], spacing[2]), origin, direction);
    }

    private static double Shear(Direction direction) => Math.Max(
        Math.Abs(direction.AxisX.Dot(direction.AxisY)),
        Math.Max(
            Math.Abs(direction.AxisX.Dot(direction.AxisZ)), Math.Abs(direction.AxisY.Dot(direction.AxisZ))));

    private static double GreatestDistance(Grid a, Grid b)
    {
        var distance = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            var index = new Vector3D(
                (corner & 1) * (a.Size.X - 1), ((corner >> 1) & 1) * (a.Size.Y - 1), (corner >> 2) * (a.Size.Z - 1));
            distance = Math.Max(distance, (a.ToPoint(index) - b.ToPoint(index)).Length);
        }

        return distance;
    }
}
