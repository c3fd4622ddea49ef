namespace MkdSeg.Volumes;

/// <summary>
/// Voxels on a grid. <c>Volume&lt;float&gt;</c> contains intensities, <c>Volume&lt;byte&gt;</c> class indices (0 is
/// background), <c>Volume&lt;ushort&gt;</c> label values as stored in files.
/// </summary>
/// <typeparam name="T">The voxel type.</typeparam>
public sealed class Volume<T>
    where T : unmanaged
{
    /// <summary>Wraps an array without copying it.</summary>
    /// <param name="grid">Where the voxels lie.</param>
    /// <param name="voxels">One value per voxel, x fastest, then y, then z.</param>
    /// <exception cref="ArgumentException">The array's length is not the grid's voxel count.</exception>
    public Volume(Grid grid, T[] voxels)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(voxels);
        if (voxels.LongLength != grid.Size.VoxelCount)
        {
            throw new ArgumentException(
                $"{voxels.LongLength} values were given for a grid of {grid.Size} = {grid.Size.VoxelCount} voxels.",
                nameof(voxels));
        }

        Grid = grid;
        Voxels = voxels;
    }

    /// <summary>Allocates a volume of zeros.</summary>
    public Volume(Grid grid)
        : this(grid, new T[(grid ?? throw new ArgumentNullException(nameof(grid))).Size.VoxelCount])
    {
    }

    /// <summary>Where the voxels lie.</summary>
    public Grid Grid { get; }

    /// <summary>All voxels, x fastest, then y, then z.</summary>
    public T[] Voxels { get; }

    /// <summary>The value at a voxel.</summary>
    public ref T this[int x, int y, int z] => ref Voxels[x + (Grid.Size.X * (y + (Grid.Size.Y * z)))];

    /// <summary>The voxels of slice z, x fastest; a view, not a copy.</summary>
    public Span<T> Slice(int z) => Voxels.AsSpan(z * Grid.Size.SliceLength, Grid.Size.SliceLength);

    internal Span<T> Row(int y, int z) => Slice(z).Slice(y * Grid.Size.X, Grid.Size.X);
}
