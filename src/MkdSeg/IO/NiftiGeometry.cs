namespace MkdSeg.IO;

/// <summary>
/// Where a NIfTI file places its voxels: by the sform if its code is set, otherwise by the qform, otherwise by spacing alone.
/// If one form is broken, the other is used. NIfTI uses RAS, a <see cref="Grid"/> LPS: x and y change sign.
/// </summary>
internal static class NiftiGeometry
{
    // Rounding leaves the quaternion's length near 1; nibabel rejects larger deviations.
    private const double QuaternionTolerance = 1e-3;

    /// <summary>Returns the grid, and one sentence for each issue with it.</summary>
    public static (Grid Grid, IReadOnlyList<string> Warnings) Of(NiftiHeader header, string path)
    {
        var sizes = header.Dimensions;
        if (HeaderGrid.Problem(sizes) is { } wrongSize)
            throw new UserErrorException($"'{path}' {wrongSize}");
        var size = new GridSize((int)sizes[0], (int)sizes[1], sizes.Length > 2 ? (int)sizes[2] : 1);
        var (bySform, sformProblem) = header.SformCode > 0 ? FromColumns(header, size, SformColumns(header)) : default;
        var (byQform, qformProblem) = header.QformCode <= 0 ? default
            : QformColumns(header) is { } columns ? FromColumns(header, size, columns)
            : (null, "has a qform whose quaternion is not a rotation; correct its header.");
        if ((bySform ?? byQform) is not { } grid)
        {
            if ((sformProblem ?? qformProblem) is { } problem)
            {
                throw new UserErrorException(problem.StartsWith("has sheared", StringComparison.Ordinal)
                    ? $"'{path}' has an sform with sheared axes and no qform; orthogonal axes are expected: resample it "
                      + "onto an orthogonal grid."
                    : $"'{path}' {problem}");
            }

            var (bySpacing, spacingProblem) = FromColumns(header, size, SpacingColumns(header));
            return (
                bySpacing ?? throw new UserErrorException($"'{path}' {spacingProblem}"),
                [
                    $"'{path}' has neither an sform nor a qform; its voxel axes are assumed to run to the right, the "
                    + "front and the head (RAS).",
                ]);
        }

        if (sformProblem is not null)
            return (grid, [$"The sform of '{path}' is not used because it {sformProblem.Split(';')[0]}; the qform is used."]);
        if (qformProblem is not null)
            return (grid, [$"The qform of '{path}' is not used because it {qformProblem.Split(';')[0]}; the sform is used."]);
        var apart = bySform is null || byQform is null ? 0 : bySform.GreatestDistanceMm(byQform);
        return apart > 0.1 * Math.Min(grid.SpacingMm.X, Math.Min(grid.SpacingMm.Y, grid.SpacingMm.Z))
            ? (grid, [string.Create(
                CultureInfo.InvariantCulture,
                $"The sform and the qform of '{path}' place voxels up to {apart:0.#} mm apart; the sform is used.")])
            : (grid, []);
    }

    // Columns of the 3×4 matrices from voxel index to RAS: three axes, then the position of the first voxel.
    private static Vector3D[] SformColumns(NiftiHeader header) =>
        [.. Enumerable.Range(0, 4).Select(i => new Vector3D(header.Rows[i], header.Rows[4 + i], header.Rows[8 + i]))];

    // Method 2 of nifti1.h; null if the quaternion is invalid.
    private static Vector3D[]? QformColumns(NiftiHeader header)
    {
        var (b, c, d) = (header.Quaternion[0], header.Quaternion[1], header.Quaternion[2]);
        var square = 1 - ((b * b) + (c * c) + (d * d));
        if (!(square > -QuaternionTolerance))
            return null;
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

        var qfac = header.PixelDimensions[0] < 0 ? -1 : 1;
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

    private static (Grid? Grid, string? Problem) FromColumns(NiftiHeader header, GridSize size, Vector3D[] ras)
    {
        Vector3D Lps(Vector3D v) => new Vector3D(-v.X, -v.Y, v.Z) * header.UnitMm;
        var stated = new Vector3D(Spacing(header, 1), Spacing(header, 2), Spacing(header, 3)) * header.UnitMm;
        return HeaderGrid.FromSteps(size, [Lps(ras[0]), Lps(ras[1]), Lps(ras[2])], Lps(ras[3]), stated);
    }
}
