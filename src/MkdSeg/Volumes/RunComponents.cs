namespace MkdSeg.Volumes;

/// <summary>
/// Connected components of a mask: voxels that share a face and have the same value are connected. Rows are split into runs
/// of one value, which are joined where they touch, so memory grows with the runs, not the voxels.
/// </summary>
internal sealed class RunComponents
{
    private readonly List<Run> _runs = [];
    private readonly List<int> _parents = [];
    private readonly int[] _firstRunOfRow;
    private readonly VoxelBox _box;
    private readonly GridSize _size;

    /// <summary>Finds the components within a box; structures may be treated as one value.</summary>
    public RunComponents(Volume<byte> classes, VoxelBox box, bool joinStructures)
    {
        (_box, _size) = (box, classes.Grid.Size);
        _firstRunOfRow = new int[(box.Size.Y * box.Size.Z) + 1];
        for (var z = box.MinZ; z < box.EndZ; z++)
        {
            for (var y = box.MinY; y < box.EndY; y++)
            {
                _firstRunOfRow[Row(y, z)] = _runs.Count;
                Cut(classes.Slice(z).Slice((y * _size.X) + box.MinX, box.Size.X), joinStructures);
            }
        }

        _firstRunOfRow[^1] = _runs.Count;
        ForEachTouch((a, b) =>
        {
            if (_runs[a].Value == _runs[b].Value)
                Join(a, b);
        });
    }

    public int RunCount => _runs.Count;

    /// <summary>Returns the value of a run; 1 for every structure if they are joined.</summary>
    public byte ValueOf(int run) => _runs[run].Value;

    public int LengthOf(int run) => _runs[run].End - _runs[run].Start;

    /// <summary>Returns the component of a run, identified by its first run in memory.</summary>
    public int PartOf(int run)
    {
        while (_parents[run] != run)
            run = _parents[run] = _parents[_parents[run]];
        return run;
    }

    /// <summary>Calls back with every run, the volume index of its first voxel, and whether it is on the box's faces.</summary>
    public void ForEachRun(Action<int, int, bool> visit)
    {
        for (var z = _box.MinZ; z < _box.EndZ; z++)
        {
            for (var y = _box.MinY; y < _box.EndY; y++)
            {
                var row = Row(y, z);
                var atFace = z == _box.MinZ || z == _box.EndZ - 1 || y == _box.MinY || y == _box.EndY - 1;
                for (var run = _firstRunOfRow[row]; run < _firstRunOfRow[row + 1]; run++)
                {
                    visit(
                        run,
                        (((z * _size.Y) + y) * _size.X) + _box.MinX + _runs[run].Start,
                        atFace || _runs[run].Start == 0 || _runs[run].End == _box.Size.X);
                }
            }
        }
    }

    /// <summary>Calls back with every pair of runs whose voxels share a face.</summary>
    public void ForEachTouch(Action<int, int> visit)
    {
        var (rows, height) = (_firstRunOfRow.Length - 1, _box.Size.Y);
        for (var row = 0; row < rows; row++)
        {
            for (var run = _firstRunOfRow[row] + 1; run < _firstRunOfRow[row + 1]; run++)
                visit(run - 1, run);
            if (row % height > 0)
                Overlaps(row - 1, row, visit);
            if (row >= height)
                Overlaps(row - height, row, visit);
        }
    }

    private void Overlaps(int firstRow, int secondRow, Action<int, int> visit)
    {
        var (a, endA) = (_firstRunOfRow[firstRow], _firstRunOfRow[firstRow + 1]);
        var (b, endB) = (_firstRunOfRow[secondRow], _firstRunOfRow[secondRow + 1]);
        while (a < endA && b < endB)
        {
            visit(a, b);
            // Runs in a row have no gaps between them, so the run that ends first has no further neighbour.
            var (lastA, lastB) = (_runs[a].End, _runs[b].End);
            if (lastA <= lastB)
                a++;
            if (lastB <= lastA)
                b++;
        }
    }

    private void Cut(ReadOnlySpan<byte> row, bool joinStructures)
    {
        for (var x = 0; x < row.Length;)
        {
            var value = row[x];
            var rest = row[x..];
            var length = joinStructures && value != 0 ? rest.IndexOf((byte)0) : rest.IndexOfAnyExcept(value);
            var end = length < 0 ? row.Length : x + length;
            _parents.Add(_runs.Count);
            _runs.Add(new(x, end, joinStructures && value != 0 ? (byte)1 : value));
            x = end;
        }
    }

    // The smaller index becomes the root, so a component is identified by its first run.
    private void Join(int a, int b)
    {
        var (rootA, rootB) = (PartOf(a), PartOf(b));
        if (rootA < rootB)
            _parents[rootB] = rootA;
        else
            _parents[rootA] = rootB;
    }

    private int Row(int y, int z) => ((z - _box.MinZ) * _box.Size.Y) + y - _box.MinY;

    private readonly record struct Run(int Start, int End, byte Value);
}
