using MkdSeg.Volumes;
using System.Globalization;
using System.Text;

namespace MkdSeg.IO.Dicom;

/// <summary>The header of a DICOM file. Voxels are not read; whether they are all there is known.</summary>
internal sealed class DicomFile(string path, IReadOnlyDictionary<uint, byte[]> elements, bool hasPixels, string? defect)
{
    private bool bigEndian;

    public string Path { get; } = path;

    public string Name => System.IO.Path.GetFileName(Path);

    public bool HasPixels { get; } = hasPixels;

    /// <summary>What is wrong with the file itself, one sentence that names it; null where it is whole.</summary>
    public string? Defect { get; } = defect;

    public string SeriesUid => Text(DicomTag.SeriesInstance);

    public string Modality => Text(DicomTag.Modality);

    public int Rows => Number(DicomTag.Rows) ?? 0;

    public int Columns => Number(DicomTag.Columns) ?? 0;

    /// <summary>Centre of the first pixel, LPS mm; null where the file does not say.</summary>
    public Vector3D? Position =>
        Reals(DicomTag.ImagePosition) is [var x, var y, var z] ? new Vector3D(x, y, z) : null;

    /// <summary>Unit vectors along a row and along a column, LPS; null where the file does not say.</summary>
    public (Vector3D AlongRow, Vector3D AlongColumn)? Axes
    {
        get
        {
            if (Reals(DicomTag.ImageOrientation) is not [var a, var b, var c, var d, var e, var f])
                return null;
            var (x, y) = (new Vector3D(a, b, c), new Vector3D(d, e, f));
            return x.Length > 0.5 && y.Length > 0.5 && Math.Abs(x.Dot(y)) < 0.01
                ? (x * (1 / x.Length), y * (1 / y.Length))
                : null;
        }
    }

    /// <summary>Distance in mm of pixels along a row (X) and of rows (Y); null where the file does not say.</summary>
    public (double X, double Y)? Spacing =>
        Reals(DicomTag.PixelSpacing) is [var rows, var columns] && rows > 0 && columns > 0 ? (columns, rows) : null;

    /// <summary>Marks binary numbers as big-endian.</summary>
    public DicomFile InBigEndian()
    {
        bigEndian = true;
        return this;
    }

    /// <summary>An element's text without padding; empty where there is none.</summary>
    public string Text(uint tag)
    {
        if (!elements.TryGetValue(tag, out var bytes))
            return "";
        var encoding = elements.TryGetValue(DicomTag.CharacterSet, out var set)
            && Encoding.ASCII.GetString(set).Contains("ISO_IR 192", StringComparison.Ordinal)
                ? Encoding.UTF8 : Encoding.Latin1;
        return encoding.GetString(bytes).Trim(' ', '\0');
    }

    /// <summary>An element's values as real numbers, or null where it is missing or is no list of numbers.</summary>
    public double[]? Reals(uint tag)
    {
        var text = Text(tag);
        if (text.Length == 0)
            return null;
        var parts = text.Split('\\');
        var values = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], CultureInfo.InvariantCulture, out values[i]) || !double.IsFinite(values[i]))
                return null;
        }

        return values;
    }

    /// <summary>An element's value as an integer, or null where it is missing or none.</summary>
    public int? Number(uint tag)
    {
        if (!DicomTag.IsNumber(tag))
            return int.TryParse(Text(tag), CultureInfo.InvariantCulture, out var value) ? value : null;
        if (!elements.TryGetValue(tag, out var bytes) || bytes.Length < 2)
            return null;
        return bigEndian ? (bytes[0] << 8) | bytes[1] : (bytes[1] << 8) | bytes[0];
    }
}
