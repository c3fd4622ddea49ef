using System.Runtime.InteropServices;
using MkdSeg.Common;
using MkdSeg.Volumes;
using itk.simple;

namespace MkdSeg.IO.Dicom;

/// <summary>A DICOM series as a volume. GDCM decodes its slices one after the other, so one at a time is held.</summary>
internal sealed class DicomSource : VolumeSource
{
    private readonly SliceStack stack;
    private PixelIDValueEnum? pixelType;

    private DicomSource(string path, DicomSeries series, IEnumerable<string> warnings)
        : base(path)
    {
        stack = series.Stack ?? throw new UserErrorException(series.Problem!);
        Files = series.Files;
        Warnings = [.. series.Warnings, .. warnings];
    }

    public override Grid Grid => stack.Grid;

    public override IReadOnlyList<string> Files { get; }

    public override IReadOnlyList<string> Warnings { get; }

    public override string Format => "DICOM";

    public override int ComponentCount => 1;

    public override PixelIDValueEnum PixelType => pixelType ??= Decode(stack.Files[0], reader =>
    {
        reader.ReadImageInformation();
        return reader.GetPixelID();
    });

    /// <summary>The only scan in a folder tree; localizers and the like beside it are warnings.</summary>
    public static DicomSource OpenFolder(string folder)
    {
        var all = DicomSeries.Find(folder);
        var scans = all.Where(series => series.Kind != DicomSeriesKind.NoScan).ToArray();
        var others = all.Where(series => series.Kind == DicomSeriesKind.NoScan)
            .Select(series => series.Problem!)
            .ToArray();
        return scans.Length switch
        {
            1 => new(folder, scans[0], others),
            0 => throw new UserErrorException(
                $"The folder '{folder}' holds no DICOM series of a scan; exactly one is expected."
                + (others.Length > 0 ? $" {others[0]}" : "")),
            _ => throw new UserErrorException(
                $"The folder '{folder}' holds {scans.Length} DICOM series; name one: "
                + $"{string.Join(", ", scans.Select(series => $"'{series.Path}'"))}."),
        };
    }

    /// <summary>A series by <see cref="DicomSeries.Path"/>.</summary>
    public static DicomSource OpenSeries(string path)
    {
        var all = DicomSeries.Find(System.IO.Path.GetDirectoryName(path)!);
        var series = all.FirstOrDefault(series => series.Path == path)
            ?? throw new UserErrorException(
                $"'{path}' does not exist: no DICOM series of that UID lies in its folder; list what is there with "
                + "'mkdseg info'.");
        return new(path, series, []);
    }

    /// <summary>A series by its files.</summary>
    public static DicomSource OpenFiles(IReadOnlyList<string> files, string path)
    {
        if (files.FirstOrDefault(file => !File.Exists(file)) is { } gone)
            throw new UserErrorException($"'{gone}', a file of the series '{path}', is not there any more; look for it.");
        return SeriesSearch.Sort(files.Order(StringComparer.Ordinal)) is [var series]
            ? new(path, series, [])
            : throw new UserErrorException($"The files of '{path}' are no single series any more; list it again.");
    }

    public override void Read(VoxelConsumer consume)
    {
        var length = Grid.Size.SliceLength;
        var (columns, rows) = (stack.Files[0].Columns, stack.Files[0].Rows);
        var slice = new float[columns * rows];
        var straight = stack.Offsets is null ? slice : new float[length];
        for (var z = 0; z < stack.Files.Count; z++)
        {
            Read(stack.Files[z], slice);
            if (stack.Offsets is { } offsets)
                Shift(slice, columns, straight, Grid.Size.X, offsets[z]);
            consume(z * length, straight);
        }
    }

    // Bilinear; around the slice, its smallest value, which is air or padding.
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

    private static void Read(DicomFile file, float[] slice) => Decode(file, reader =>
    {
        reader.SetOutputPixelType(PixelIDValueEnum.sitkFloat32);
        using var image = reader.Execute();
        if (image.GetNumberOfPixels() != (ulong)slice.Length || image.GetNumberOfComponentsPerPixel() != 1)
        {
            throw new UserErrorException(
                $"'{file.Path}' decodes to {image.GetNumberOfPixels()} voxels, its header promises {slice.Length}; export "
                + "it again.");
        }

        Marshal.Copy(image.GetConstBufferAsFloat(), slice, 0, slice.Length);
        return true;
    });

    private static T Decode<T>(DicomFile file, Func<ImageFileReader, T> read)
    {
        try
        {
            using var reader = new ImageFileReader();
            reader.SetImageIO("GDCMImageIO");
            reader.SetFileName(file.Path);
            return read(reader);
        }
        catch (ApplicationException error)
        {
            throw new UserErrorException(
                $"'{file.Path}' cannot be decoded (transfer syntax {file.Text(DicomTag.TransferSyntax)}); copy or export "
                + "it again.",
                error);
        }
    }
}
