namespace MkdSeg.IO.Dicom;

/// <summary>A DICOM series as a volume. Its slices are decoded in turn, so only one is in memory at a time.</summary>
internal sealed class DicomSource : VolumeSource
{
    private DicomSource(string path, DicomSeries series, IEnumerable<string> warnings)
        : base(path, "DICOM", (series.Stack ?? throw new UserErrorException(series.Problem!)).Grid)
    {
        Stack = series.Stack;
        Files = series.Files;
        Warnings = [.. series.Warnings, .. warnings];
        PixelType = DicomPixels.Describe(Stack.Images[0]);
    }

    public override IReadOnlyList<string> Files { get; }

    /// <summary>The slices that form the volume.</summary>
    public SliceStack Stack { get; }

    /// <summary>Opens the only scan in a folder tree; localizers and similar series next to it become warnings.</summary>
    public static DicomSource OpenFolder(string folder) => Only(DicomSeries.Find(folder), folder, $"The folder '{folder}'");

    /// <summary>Opens a single file: a slice, or an enhanced image with several slices.</summary>
    public static DicomSource OpenFile(string path) => DicomParser.Read(path) is not null
        ? Only(SeriesSearch.Sort([path]), path, $"'{path}'")
        : throw new UserErrorException(
            $"'{path}' is not a volume: its name is not that of a NIfTI, NRRD, MetaImage or PNG file, and it is not a DICOM "
            + "file; check what it is.");

    /// <summary>Opens a series by <see cref="DicomSeries.Path"/>.</summary>
    public static DicomSource OpenSeries(string path)
    {
        var all = DicomSeries.Find(System.IO.Path.GetDirectoryName(path)!);
        var series = all.FirstOrDefault(series => series.Path == path)
            ?? throw new UserErrorException(
                $"'{path}' does not exist: its folder contains no DICOM series with that UID; list the series in it.");
        return new(path, series, []);
    }

    /// <summary>Opens a series by its files.</summary>
    public static DicomSource OpenFiles(IReadOnlyList<string> files, string path)
    {
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } gone)
            throw new UserErrorException($"'{gone}', a file of the series '{path}', no longer exists; look for it.");
        var all = SeriesSearch.Sort(files.Order(StringComparer.Ordinal));
        // Frames of one file may belong to several volumes; the path names one of them.
        return (all is [var series] ? series : all.FirstOrDefault(series => series.Path == path)) is { } found
            ? new(path, found, [])
            : throw new UserErrorException($"The files of '{path}' are no longer a single series; list it again.");
    }

    public override void Read(VoxelConsumer consume)
    {
        var length = Grid.Size.SliceLength;
        var (columns, rows) = (Stack.Images[0].Columns, Stack.Images[0].Rows);
        var slice = new float[columns * rows];
        var straight = Stack.Offsets is null ? slice : new float[length];
        for (var z = 0; z < Stack.Images.Count; z++)
        {
            DicomPixels.Read(Stack.Images[z], slice);
            if (Stack.Offsets is { } offsets)
                Shift(slice, columns, straight, Grid.Size.X, offsets[z]);
            consume(z * length, straight);
        }
    }

    private static DicomSource Only(IReadOnlyList<DicomSeries> all, string path, string name)
    {
        var scans = all.Where(series => series.Kind != DicomSeriesKind.NoScan).ToArray();
        var others = all.Where(series => series.Kind == DicomSeriesKind.NoScan)
            .Select(series => series.Problem!)
            .ToArray();
        return scans.Length switch
        {
            1 => new(path, scans[0], others),
            0 => throw new UserErrorException(
                $"{name} contains no DICOM series of a scan; exactly one is expected."
                + (others.Length > 0 ? $" {others[0]}" : "")),
            _ => throw new UserErrorException(
                $"{name} contains {scans.Length} DICOM series; specify one: "
                + $"{string.Join(", ", scans.Select(series => $"'{series.Path}'"))}."),
        };
    }

    // Bilinear; outside the slice, its smallest value, which is air or padding.
    private static void Shift(float[] slice, int columns, float[] target, int width, (double X, double Y) offset)
    {
        var rows = slice.Length / columns;
        var (left, top) = ((int)Math.Floor(offset.X), (int)Math.Floor(offset.Y));
        var (right, down) = ((float)(offset.X - left), (float)(offset.Y - top));
        var around = slice.Min();
        float At(int x, int y) => x >= 0 && x < columns && y >= 0 && y < rows ? slice[x + (y * columns)] : around;
        for (var i = 0; i < target.Length; i++)
        {
            var (x, y) = ((i % width) - left, (i / width) - top);
            target[i] = ((1 - down) * (((1 - right) * At(x, y)) + (right * At(x - 1, y))))
                + (down * (((1 - right) * At(x, y - 1)) + (right * At(x - 1, y - 1))));
        }
    }
}
