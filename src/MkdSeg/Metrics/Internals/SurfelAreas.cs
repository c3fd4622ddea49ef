using System.Numerics;

namespace MkdSeg.Metrics.Internals;

/// <summary>
/// The mask surface area around a voxel corner, from the 2×2×2 voxels that meet there. Bit x + 2y + 4z of the code
/// is the voxel on the far side (1) or near side (0) of the corner along each axis.
/// </summary>
/// <remarks>
/// <para>
/// The eight voxel centres span a cell. The surface bisects each cell edge between a voxel inside the mask and one
/// outside (Lorensen and Cline 1987, marching cubes). For each set of inside voxels connected along edges, the interior
/// is the convex hull of their centres and the adjacent cuts; the hull facets that do not lie on the cell's sides form
/// the surface. With more than four voxels inside, the outside is used instead, so that a mask and its complement have
/// the same surface.
/// </para>
/// <para>
/// A hull remains a hull when an axis is stretched, so facets are found once, as area vectors in units of voxels, and
/// the spacing only scales them: the area of facet n is |(n_x s_y s_z, n_y s_x s_z, n_z s_x s_y)|.
/// </para>
/// </remarks>
internal static class SurfelAreas
{
    private static readonly Vector3D[][] Facets = [.. Enumerable.Range(0, 256).Select(FacetsOf)];

    /// <summary>Returns the area in mm² for each of the 256 codes; 0 for codes 0 and 255.</summary>
    public static double[] Of(Vector3D spacingMm)
    {
        var (x, y, z) = (spacingMm.Y * spacingMm.Z, spacingMm.X * spacingMm.Z, spacingMm.X * spacingMm.Y);
        return [.. Facets.Select(facets => facets.Sum(n => new Vector3D(n.X * x, n.Y * y, n.Z * z).Length))];
    }

    private static Vector3D[] FacetsOf(int code)
    {
        var inside = BitOperations.PopCount((uint)code) > 4 ? 255 - code : code;
        var facets = new List<Vector3D>();
        for (var left = inside; left != 0;)
        {
            var part = Connected(inside, BitOperations.TrailingZeroCount(left));
            facets.AddRange(InnerFacets(Points(part, inside)));
            left &= ~part;
        }

        return [.. facets];
    }

    /// <summary>Returns the voxels of the code that are connected to the first voxel along edges.</summary>
    private static int Connected(int code, int first)
    {
        var part = 1 << first;
        for (var before = 0; before != part;)
        {
            before = part;
            for (var voxel = 0; voxel < 8; voxel++)
            {
                if ((before >> voxel & 1) == 1)
                    part |= ((1 << (voxel ^ 1)) | (1 << (voxel ^ 2)) | (1 << (voxel ^ 4))) & code;
            }
        }

        return part;
    }

    /// <summary>Returns the voxel centres of a part and the adjacent cuts, in half voxels.</summary>
    private static List<Vector3D> Points(int part, int inside)
    {
        var points = new List<Vector3D>();
        for (var voxel = 0; voxel < 8; voxel++)
        {
            if ((part >> voxel & 1) == 0)
                continue;
            points.Add(Centre(voxel));
            for (var axis = 1; axis < 8; axis <<= 1)
            {
                if ((inside >> (voxel ^ axis) & 1) == 0)
                    points.Add((Centre(voxel) + Centre(voxel ^ axis)) * 0.5);
            }
        }

        return points;
    }

    private static Vector3D Centre(int voxel) => new(2 * (voxel & 1), 2 * (voxel >> 1 & 1), 2 * (voxel >> 2));

    /// <summary>Returns the area vectors, in voxels, of the hull facets that do not lie on a side of the cell.</summary>
    private static IEnumerable<Vector3D> InnerFacets(List<Vector3D> points)
    {
        // All coordinates are 0, 1 or 2, so every product below is an exact integer.
        var seen = new HashSet<(Vector3D Normal, double Offset)>();
        foreach (var a in points)
        {
            foreach (var b in points)
            {
                foreach (var c in points)
                {
                    var normal = (b - a).Cross(c - a);
                    if (normal.Length == 0 || points.Exists(p => normal.Dot(p - a) > 0))
                        continue;
                    var scale = 1 / normal.Length;
                    var unit = new Vector3D(Rounded(normal.X), Rounded(normal.Y), Rounded(normal.Z));
                    if (!seen.Add((unit, Rounded(normal.Dot(a)))))
                        continue;
                    var facet = points.FindAll(p => normal.Dot(p - a) == 0);
                    if (!OnSide(facet))
                        yield return AreaVector(facet, normal);

                    double Rounded(double value) => Math.Round(value * scale, 6);
                }
            }
        }
    }

    private static bool OnSide(List<Vector3D> facet) =>
        Enumerable.Range(0, 3).Any(axis =>
            facet.TrueForAll(p => p[axis] == 0) || facet.TrueForAll(p => p[axis] == 2));

    /// <summary>Returns half the sum of p × q over the outline's edges, which have all other points on their left.</summary>
    private static Vector3D AreaVector(List<Vector3D> facet, Vector3D normal)
    {
        var sum = default(Vector3D);
        foreach (var p in facet)
        {
            foreach (var q in facet)
            {
                if (p != q && facet.TrueForAll(r => r == p || r == q || normal.Dot((q - p).Cross(r - p)) > 0))
                    sum += p.Cross(q);
            }
        }

        const double halfVoxels = 4;
        return sum * (0.5 / halfVoxels);
    }
}
