using MkdSeg.Datasets;
using MkdSeg.Rendering;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// A mask for programs that do not support Segmentation objects: a series of Secondary Captures (PS3.3, A.8.1) in colour, first
/// a page of text, then every slice with a structure, whose edges are drawn in the structure's colour.
/// </summary>
internal static class DicomOverlay
{
    /// <summary>The suffix of such folder names.</summary>
    public const string Suffix = ".overlay";

    private const string StorageClass = "1.2.840.10008.5.1.4.1.1.7";
    private const int PageSidePx = 512;

    private static readonly DicomCode SourceOfProcessing = new("DCM", "121322", "Source image for image processing operation");

    /// <summary>Writes the series into its own folder, replacing an existing one.</summary>
    /// <param name="context">The scan from which the mask was created.</param>
    /// <param name="volume">The scan's intensities.</param>
    /// <param name="classes">Class indices on the same grid.</param>
    /// <param name="labels">The structures.</param>
    /// <param name="window">The intensities drawn as black and white.</param>
    /// <param name="lines">The page's lines, some preceded by a square in a structure's colour.</param>
    /// <param name="description">The description of the new series.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>The names of the files.</returns>
    /// <exception cref="UserErrorException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(
        DicomContext context,
        Volume<float> volume,
        Volume<byte> classes,
        LabelSet labels,
        (double Lower, double Upper) window,
        IReadOnlyList<(string Text, string? Colour)> lines,
        string description,
        string folder)
    {
        VolumeFile.TranslateErrors(folder, () =>
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        });
        var (series, written, size) = (DicomElements.NewUid(), new List<string>(), volume.Grid.Size);
        var page = Legend.Page(PageSidePx, lines);
        WriteImage([], page.Pixels, page.Width, page.Height);
        var colours = labels.Structures.ToDictionary(structure => structure.ClassIndex, structure => Legend.ParseColour(structure.Color));
        var pixels = new byte[3 * size.SliceLength];
        for (var z = 0; z < size.Z; z++)
        {
            var mask = classes.Slice(z);
            if (!mask.ContainsAnyExcept((byte)0))
                continue;
            Draw(volume.Slice(z), mask, size.X, window, colours, pixels);
            WriteImage([context.Images[z]], pixels, size.X, size.Y);
        }

        return written;

        void WriteImage(DicomImage[] sources, ReadOnlyMemory<byte> content, int columns, int rows)
        {
            var data = context.NewObject(StorageClass, "OT", series, description, written.Count + 1)
                .Text(DicomTag.ImageType, "CS", @"DERIVED\SECONDARY")
                .Text(0x00080064, "CS", "WSD") // Conversion Type: Workstation
                .Text(0x00082111, "ST", "Outlines of an automatic segmentation; research use only") // Derivation Description
                .Text(0x00200020, "CS", sources.Length == 0 ? "" : Orientation(context.Stack.Grid.Direction)) // Patient Orientation
                .Text(0x00200060, "CS", "") // Laterality
                .UInt16(DicomTag.SamplesPerPixel, 3)
                .Text(0x00280004, "CS", "RGB")
                .UInt16(0x00280006, 0) // Planar Configuration: by pixel
                .UInt16(DicomTag.Rows, rows)
                .UInt16(DicomTag.Columns, columns)
                .UInt16(DicomTag.BitsAllocated, 8)
                .UInt16(DicomTag.BitsStored, 8)
                .UInt16(DicomTag.HighBit, 7)
                .UInt16(DicomTag.PixelRepresentation, 0)
                .Text(0x00280301, "CS", "NO") // Burned In Annotation: none that names the patient
                .Text(0x00282110, "CS", "00"); // Lossy Image Compression
            if (sources.Length > 0)
            {
                data.Sequence(0x00082112, [.. sources.Select(source => context.ReferenceTo(source).Code(0x0040A170, SourceOfProcessing))]);
                DicomContext.CopyDecimals(data, DicomTag.PixelSpacing, sources[0]);
            }

            var name = $"{written.Count:0000}.dcm";
            data.WriteFile(Path.Combine(folder, name), "OB", content.Length, stream => stream.Write(content.Span));
            written.Add(name);
        }
    }

    private static void Draw(
        ReadOnlySpan<float> values,
        ReadOnlySpan<byte> mask,
        int columns,
        (double Lower, double Upper) window,
        Dictionary<int, (byte R, byte G, byte B)> colours,
        Span<byte> pixels)
    {
        var (lower, scale) = ((float)window.Lower, (float)(255 / Math.Max(window.Upper - window.Lower, 1e-6)));
        for (var i = 0; i < values.Length; i++)
        {
            var grey = (byte)Math.Clamp((values[i] - lower) * scale, 0, 255);
            var (r, g, b) = (grey, grey, grey);
            if (mask[i] is not 0 and var c)
            {
                // At the image border, a structure's edge is left open.
                var x = i % columns;
                var isEdge = (x > 0 && mask[i - 1] != c) || (x < columns - 1 && mask[i + 1] != c)
                    || (i >= columns && mask[i - columns] != c) || (i + columns < mask.Length && mask[i + columns] != c);
                if (isEdge)
                    (r, g, b) = colours[c];
            }

            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = (r, g, b);
        }
    }

    // The directions in which rows and columns run, by the nearest patient axis (PS3.3, C.7.6.1.1.1).
    private static string Orientation(Direction direction)
    {
        return $@"{Letter(direction.AxisX)}\{Letter(direction.AxisY)}";

        static char Letter(Vector3D axis)
        {
            var (x, y, z) = (Math.Abs(axis.X), Math.Abs(axis.Y), Math.Abs(axis.Z));
            return x >= y && x >= z ? (axis.X > 0 ? 'L' : 'R')
                : y >= z ? (axis.Y > 0 ? 'P' : 'A')
                : axis.Z > 0 ? 'H' : 'F';
        }
    }
}
