using System.Buffers.Binary;
using System.Text;

namespace MkdSeg.IO.Dicom;

/// <summary>One image: a DICOM file with a single slice, or a frame of a file with several.</summary>
internal sealed class DicomImage(DicomHeader header, int frame, IReadOnlyDictionary<uint, byte[]>? ownElements)
{
    private const string CtClass = "1.2.840.10008.5.1.4.1.1.2";
    private const string MrClass = "1.2.840.10008.5.1.4.1.1.4";

    public DicomHeader Header { get; } = header;

    /// <summary>The index of the frame, from 0.</summary>
    public int Frame { get; } = frame;

    public string Path => Header.Path;
    public string Name => System.IO.Path.GetFileName(Path);
    public bool HasPixels => Header.Pixels is not null;

    /// <summary>What is wrong with the file itself, one sentence that names it; null if it is intact.</summary>
    public string? Defect => Header.Defect;

    public string SeriesUid => Text(DicomTag.SeriesInstance);

    /// <summary>The modality; inferred as CT or MR from the SOP class if the file does not state it.</summary>
    public string Modality => Text(DicomTag.Modality) is { Length: > 0 } modality ? modality
        : IsOfClass(CtClass) ? "CT"
        : IsOfClass(MrClass) ? "MR"
        : "";

    public int Rows => Integer(DicomTag.Rows) ?? 0;
    public int Columns => Integer(DicomTag.Columns) ?? 0;

    /// <summary>Centre of the first pixel, LPS mm; null if the file does not state it.</summary>
    public Vector3D? Position =>
        Reals(DicomTag.ImagePosition) is [var x, var y, var z] ? new Vector3D(x, y, z) : null;

    /// <summary>Unit vectors along a row and along a column, LPS; null if the file does not state them.</summary>
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

    /// <summary>Distance in mm between pixels along a row (X) and between rows (Y); null if the file does not state it.</summary>
    public (double X, double Y)? Spacing =>
        Reals(DicomTag.PixelSpacing) is [var rows, var columns] && rows > 0 && columns > 0 ? (columns, rows) : null;

    public double Slope => Reals(DicomTag.RescaleSlope) is [var slope, ..] ? slope : 1;
    public double Intercept => Reals(DicomTag.RescaleIntercept) is [var intercept, ..] ? intercept : 0;

    private bool IsOfClass(string uid) =>
        Text(DicomTag.SopClass) is var own && (own == uid || own.StartsWith(uid + ".", StringComparison.Ordinal));

    /// <summary>Returns an element's text without padding; empty if it is missing.</summary>
    public string Text(uint tag)
    {
        if (Element(tag) is not { } bytes)
            return "";
        if (DicomTag.IsInteger(tag))
            return Integer(tag)?.ToString(CultureInfo.InvariantCulture) ?? "";
        if (DicomTag.IsReal(tag))
        {
            return bytes.Length != 8 ? "" : (Header.BigEndian
                ? BinaryPrimitives.ReadDoubleBigEndian(bytes)
                : BinaryPrimitives.ReadDoubleLittleEndian(bytes)).ToString("r", CultureInfo.InvariantCulture);
        }

        var encoding = Element(DicomTag.CharacterSet) is { } set
            && Encoding.ASCII.GetString(set).Contains("ISO_IR 192", StringComparison.Ordinal)
                ? Encoding.UTF8 : Encoding.Latin1;
        var text = encoding.GetString(bytes).Trim(' ', '\0');
        // Messages quote this text, which may come from a damaged header.
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
    }

    /// <summary>Returns an element's values as real numbers, or null if it is missing or not a list of numbers.</summary>
    public double[]? Reals(uint tag)
    {
        var text = Text(tag);
        if (text.Length == 0)
            return null;
        var parts = text.Split('\\');
        var values = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i])
                || !double.IsFinite(values[i]))
            {
                return null;
            }
        }

        return values;
    }

    /// <summary>Returns an element's value as an integer, or null if it is missing or not an integer.</summary>
    public int? Integer(uint tag)
    {
        if (!DicomTag.IsInteger(tag))
            return int.TryParse(Text(tag), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
        return Element(tag) switch
        {
            { Length: >= 4 } four when tag == DicomTag.TemporalPositionIndex => Header.BigEndian
                ? BinaryPrimitives.ReadInt32BigEndian(four) : BinaryPrimitives.ReadInt32LittleEndian(four),
            { Length: >= 2 } two => Header.BigEndian
                ? BinaryPrimitives.ReadUInt16BigEndian(two) : BinaryPrimitives.ReadUInt16LittleEndian(two),
            _ => null,
        };
    }

    /// <summary>Returns an element's bytes as stored in the file; null if it is missing.</summary>
    public byte[]? Element(uint tag) => ownElements is not null && ownElements.TryGetValue(tag, out var own) ? own
        : Header.Elements.TryGetValue(tag, out var bytes) ? bytes
        : null;
}
