namespace MkdSeg.Phantom.Internals;

/// <summary>A person's tissues on a grid, and the image rendered from given tissue intensities.</summary>
internal sealed class TissueRaster
{
    /// <summary>For every tissue, all others.</summary>
    private static readonly bool[][] Others =
    [
        .. Enumerable.Range(0, TissueClass.TissueCount)
            .Select(own => Enumerable.Range(0, TissueClass.TissueCount).Select(tissue => tissue != own).ToArray()),
    ];

    private readonly PhantomAnatomy _anatomy;
    private readonly byte[] _tissues;

    /// <summary>Samples the anatomy at every voxel centre.</summary>
    public TissueRaster(PhantomAnatomy anatomy, Grid grid)
    {
        _anatomy = anatomy;
        Grid = grid;
        _tissues = new byte[grid.Size.VoxelCount];
        var size = grid.Size;
        Parallel.For(0, size.Z, z =>
        {
            var at = z * size.SliceLength;
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                    _tissues[at++] = (byte)anatomy.TissueAt(grid.ToPoint(new(x, y, z)));
            }
        });
        KeepWalls();
    }

    /// <summary>The grid of the voxels, relative to the heart's centre.</summary>
    public Grid Grid { get; }

    /// <summary>One tissue per voxel.</summary>
    public ReadOnlySpan<byte> Tissues => _tissues;

    /// <summary>Returns the class index of every voxel.</summary>
    public byte[] Classes()
    {
        Span<byte> classOf = stackalloc byte[TissueClass.TissueCount];
        for (var tissue = 0; tissue < classOf.Length; tissue++)
            classOf[tissue] = TissueClass.Of((PhantomTissue)tissue);
        var classes = new byte[_tissues.Length];
        for (var i = 0; i < classes.Length; i++)
            classes[i] = classOf[_tissues[i]];
        return classes;
    }

    /// <summary>Renders the image; where tissues meet, a voxel is the mean of several points (partial volume).</summary>
    public float[] Render(TissueIntensities intensities)
    {
        var size = Grid.Size;
        var image = new float[_tissues.Length];
        var offsets = PartialVolumeOffsets();
        Parallel.For(0, size.Z, z =>
        {
            var at = z * size.SliceLength;
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++, at++)
                {
                    var centre = Grid.ToPoint(new(x, y, z));
                    if (offsets.Length == 0 || !Touches(Others[_tissues[at]], x, y, z, at))
                    {
                        image[at] = intensities.At(_tissues[at], centre);
                        continue;
                    }

                    var sum = (double)intensities.At(_tissues[at], centre);
                    foreach (var offset in offsets)
                    {
                        var point = Grid.ToPoint(new(x + offset.X, y + offset.Y, z + offset.Z));
                        sum += intensities.At((byte)_anatomy.TissueAt(point), centre);
                    }

                    image[at] = (float)(sum / (offsets.Length + 1));
                }
            }
        });
        return image;
    }

    /// <summary>
    /// Returns sample points within a voxel, in voxels from its centre: every other cell of a checkerboard of 2 or 3 cells
    /// per axis; none for small voxels, and few for voxels so large that they only show where organs are.
    /// </summary>
    private Vector3D[] PartialVolumeOffsets()
    {
        var cells = new int[3];
        for (var axis = 0; axis < 3; axis++)
            cells[axis] = Grid.SpacingMm[axis] < 1.2 ? 1 : Grid.SpacingMm[axis] is < 3.2 or > 5.5 ? 2 : 3;
        var offsets = new List<Vector3D>();
        for (var i = 0; i < cells[0] * cells[1] * cells[2]; i++)
        {
            var (a, b, c) = (i % cells[0], i / cells[0] % cells[1], i / (cells[0] * cells[1]));
            if (((a + b + c) & 1) == 0 && cells.Max() > 1)
            {
                offsets.Add(new(
                    ((a + 0.5) / cells[0]) - 0.5, ((b + 0.5) / cells[1]) - 0.5, ((c + 0.5) / cells[2]) - 0.5));
            }
        }

        return [.. offsets];
    }

    /// <summary>Returns whether one of the six voxels that share a face with a voxel has a wanted tissue.</summary>
    private bool Touches(bool[] wanted, int x, int y, int z, int at)
    {
        var size = Grid.Size;
        return (x > 0 && wanted[_tissues[at - 1]])
            || (x + 1 < size.X && wanted[_tissues[at + 1]])
            || (y > 0 && wanted[_tissues[at - size.X]])
            || (y + 1 < size.Y && wanted[_tissues[at + size.X]])
            || (z > 0 && wanted[_tissues[at - size.SliceLength]])
            || (z + 1 < size.Z && wanted[_tissues[at + size.SliceLength]]);
    }

    /// <summary>
    /// Keeps walls thinner than a voxel one voxel thick, as annotators draw them: the left atrium does not touch the great
    /// arteries, and the left ventricle touches only myocardium, left atrium and aorta.
    /// </summary>
    private void KeepWalls()
    {
        Replace(TissueClass.La, [TissueClass.Aa, TissueClass.Pa], PhantomTissue.HeartWall);
        Replace(null, [TissueClass.Lv], PhantomTissue.Myocardium);
    }

    private void Replace(byte? onlyClass, byte[] neighbours, PhantomTissue wall)
    {
        // Replaced tissues are never ones that neighbours are checked for, so the order of the voxels does not matter.
        var size = Grid.Size;
        var candidate = new bool[TissueClass.TissueCount];
        var asked = new bool[TissueClass.TissueCount];
        for (var tissue = 0; tissue < candidate.Length; tissue++)
        {
            var label = TissueClass.Of((PhantomTissue)tissue);
            asked[tissue] = Array.IndexOf(neighbours, label) >= 0;
            candidate[tissue] = onlyClass is { } only
                ? label == only
                : label is not (TissueClass.Lv or TissueClass.Myo or TissueClass.La or TissueClass.Aa);
        }

        Parallel.For(0, size.Z, z =>
        {
            var at = z * size.SliceLength;
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++, at++)
                {
                    if (candidate[_tissues[at]] && Touches(asked, x, y, z, at))
                        _tissues[at] = (byte)wall;
                }
            }
        });
    }
}
