namespace MkdSeg.Volumes;

/// <summary>
/// Converts volumes to another orientation by permuting and flipping voxel axes; no voxel value changes. An orientation
/// is written as three letters that name the sides of the patient (R/L, A/P, I/S) towards which the x, y and z axes run:
/// "LPS" is the identity direction. Oblique grids count as the closest such orientation and remain oblique.
/// </summary>
public static class Orientation
{
    private const string Positive = "LPS";
    private const string Negative = "RAI";
    private const int Tile = 32;
    private static readonly int[][] Permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    /// <summary>Returns the orientation closest to a grid's axes.</summary>
    public static string Of(Grid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var direction = grid.Direction;
        var best = Permutations.MaxBy(p => Enumerable.Range(0, 3).Sum(axis => Math.Abs(direction[axis][p[axis]])))!;
        return string.Create(3, (direction, best), static (letters, state) =>
        {
            for (var axis = 0; axis < 3; axis++)
            {
                var side = state.best[axis];
                letters[axis] = (state.direction[axis][side] < 0 ? Negative : Positive)[side];
            }
        });
    }

    /// <summary>Whether a text is an orientation code: one letter from each of the pairs R/L, A/P and I/S.</summary>
    public static bool IsCode(string? code) =>
        code is { Length: 3 } && code.All(letter => PatientAxis(letter) >= 0)
        && code.Select(PatientAxis).Distinct().Count() == 3;

    /// <exception cref="UserErrorException">The text is not an orientation code.</exception>
    internal static void RequireCode(string? code, string source)
    {
        if (!IsCode(code))
        {
            throw new UserErrorException(
                $"{source}: '{code}' is not an orientation; give one letter from each pair R/L, A/P and I/S, such as LPS.");
        }
    }

    /// <summary>Returns the grid of the reoriented volume: the same voxels, indexed along other axes.</summary>
    /// <exception cref="ArgumentException">The code is not an orientation code.</exception>
    public static Grid Reorient(Grid grid, string code)
    {
        var from = Of(grid);
        return from == code ? grid : Map.Between(from, code).Apply(grid);
    }

    /// <summary>
    /// Returns the volume in another orientation, or the same object if it already has that orientation. To convert back,
    /// use the code that <see cref="Of"/> returns for the original grid.
    /// </summary>
    /// <exception cref="ArgumentException">The code is not an orientation code.</exception>
    public static Volume<T> Reorient<T>(Volume<T> volume, string code)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(volume);
        var from = Of(volume.Grid);
        if (from == code)
            return volume;
        var map = Map.Between(from, code);
        var result = new Volume<T>(map.Apply(volume.Grid));
        Copy(volume, result, map);
        return result;
    }

    private static void Copy<T>(Volume<T> source, Volume<T> target, Map map)
        where T : unmanaged
    {
        var sourceSize = source.Grid.Size;
        var size = target.Grid.Size;
        int[] steps = [1, sourceSize.X, sourceSize.SliceLength];
        var stride = new int[3];
        var first = 0;
        for (var axis = 0; axis < 3; axis++)
        {
            var step = steps[map.SourceAxis[axis]];
            stride[axis] = map.Flip[axis] ? -step : step;
            first += map.Flip[axis] ? step * (size[axis] - 1) : 0;
        }

        var (from, to) = (source.Voxels, target.Voxels);
        if (map.SourceAxis[0] == 0)
        {
            Parallel.For(0, size.Z, z =>
            {
                for (var y = 0; y < size.Y; y++)
                {
                    var row = to.AsSpan(size.X * (y + (size.Y * z)), size.X);
                    var start = first + (y * stride[1]) + (z * stride[2]);
                    if (map.Flip[0])
                    {
                        from.AsSpan(start - size.X + 1, size.X).CopyTo(row);
                        row.Reverse();
                    }
                    else
                    {
                        from.AsSpan(start, size.X).CopyTo(row);
                    }
                }
            });
            return;
        }

        // The source's fastest axis is not the target's: square tiles keep the cache lines of both in use.
        var fast = map.SourceAxis[1] == 0 ? 1 : 2;
        var other = 3 - fast;
        int[] targetStride = [1, size.X, size.SliceLength];
        Parallel.For(0, size[other], w =>
        {
            for (var v0 = 0; v0 < size[fast]; v0 += Tile)
            {
                var v1 = Math.Min(v0 + Tile, size[fast]);
                for (var x0 = 0; x0 < size.X; x0 += Tile)
                {
                    var x1 = Math.Min(x0 + Tile, size.X);
                    for (var v = v0; v < v1; v++)
                    {
                        var start = first + (w * stride[other]) + (v * stride[fast]);
                        var end = (w * targetStride[other]) + (v * targetStride[fast]);
                        for (var x = x0; x < x1; x++)
                            to[end + x] = from[start + (x * stride[0])];
                    }
                }
            }
        });
    }

    /// <summary>Returns 0 for R and L, 1 for A and P, 2 for I and S, -1 for other letters.</summary>
    internal static int PatientAxis(char letter)
    {
        var axis = Positive.IndexOf(letter, StringComparison.Ordinal);
        return axis >= 0 ? axis : Negative.IndexOf(letter, StringComparison.Ordinal);
    }

    /// <summary>For each target axis, the corresponding source axis and whether it runs in the opposite direction.</summary>
    private sealed record Map(int[] SourceAxis, bool[] Flip)
    {
        public static Map Between(string from, string to)
        {
            if (!IsCode(to))
            {
                throw new ArgumentException(
                    $"'{to}' is not an orientation; give one letter from each pair R/L, A/P and I/S, such as LPS.",
                    nameof(to));
            }

            var source = new int[3];
            var flip = new bool[3];
            for (var axis = 0; axis < 3; axis++)
            {
                source[axis] = Enumerable.Range(0, 3).Single(a => PatientAxis(from[a]) == PatientAxis(to[axis]));
                flip[axis] = from[source[axis]] != to[axis];
            }

            return new(source, flip);
        }

        public Grid Apply(Grid grid)
        {
            var corner = new double[3];
            var axes = new Vector3D[3];
            for (var axis = 0; axis < 3; axis++)
            {
                var old = SourceAxis[axis];
                corner[old] = Flip[axis] ? grid.Size[old] - 1 : 0;
                // Unlike negating, subtracting from zero leaves no negative zeros.
                axes[axis] = Flip[axis] ? default(Vector3D) - grid.Direction[old] : grid.Direction[old];
            }

            return new(
                new(grid.Size[SourceAxis[0]], grid.Size[SourceAxis[1]], grid.Size[SourceAxis[2]]),
                new(grid.SpacingMm[SourceAxis[0]], grid.SpacingMm[SourceAxis[1]], grid.SpacingMm[SourceAxis[2]]),
                grid.ToPoint(new(corner[0], corner[1], corner[2])),
                new(axes[0], axes[1], axes[2]));
        }
    }
}
