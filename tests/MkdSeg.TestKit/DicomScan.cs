using MkdSeg.Volumes;

namespace MkdSeg.TestKit;

/// <summary>A volume as slices of a DICOM series.</summary>
public static class DicomScan
{
    /// <summary>The slices from the first to the last, in a Frame of Reference of its own.</summary>
    /// <param name="volume">Hounsfield units.</param>
    /// <param name="like">What the slices are like but for place and values; null for the defaults.</param>
    public static IReadOnlyList<DicomSlice> Slices(Volume<float> volume, DicomSlice? like = null)
    {
        var (grid, size) = (volume.Grid, volume.Grid.Size);
        var (x, y) = (grid.Direction.AxisX, grid.Direction.AxisY);
        var slice = (like ?? new()) with
        {
            Columns = size.X,
            Rows = size.Y,
            Spacing = (grid.SpacingMm.X, grid.SpacingMm.Y),
            Orientation = [x.X, x.Y, x.Z, y.X, y.Y, y.Z],
        };
        if (!slice.Extra.ContainsKey(0x00200052))
            slice = slice with { Extra = new Dictionary<uint, string>(slice.Extra) { [0x00200052] = "1.2.3.4" } };
        return
        [
            .. Enumerable.Range(0, size.Z).Select(z =>
            {
                var origin = grid.ToPoint(new(0, 0, z));
                return slice with
                {
                    Position = [origin.X, origin.Y, origin.Z],
                    Value = (column, row) => (short)(volume[column, row, z] + 1024),
                    SopUid = $"{slice.SeriesUid}.{z + 1}",
                };
            }),
        ];
    }
}
