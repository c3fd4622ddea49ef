using System.Globalization;
using System.Text;

namespace MkdSeg.TestKit;

/// <summary>Writes small DICOM files, byte by byte after PS3.5 and PS3.10; by default an uncompressed CT slice.</summary>
public sealed record DicomSlice
{
    public const string CtClass = "1.2.840.10008.5.1.4.1.1.2";
    public const string SecondaryCaptureClass = "1.2.840.10008.5.1.4.1.1.7";
    public const string ReportClass = "1.2.840.10008.5.1.4.1.1.88.67";
    public const string ExplicitSyntax = "1.2.840.10008.1.2.1";
    public const string ImplicitSyntax = "1.2.840.10008.1.2";

    private static int written;

    public string SopClass { get; init; } = CtClass;

    public string Syntax { get; init; } = ExplicitSyntax;

    public string SeriesUid { get; init; } = "1.2.3";

    /// <summary>Unlike any other where it is null.</summary>
    public string? SopUid { get; init; }

    public string Modality { get; init; } = "CT";

    public string Description { get; init; } = "Thorax";

    public string ImageType { get; init; } = @"ORIGINAL\PRIMARY\AXIAL";

    public int SeriesNumber { get; init; } = 2;

    public int Columns { get; init; } = 4;

    public int Rows { get; init; } = 3;

    /// <summary>Between pixels of a row, between rows; mm.</summary>
    public (double X, double Y) Spacing { get; init; } = (0.75, 0.5);

    public double[]? Position { get; init; } = [-10, -20, 30];

    /// <summary>Along a row, along a column.</summary>
    public double[] Orientation { get; init; } = [1, 0, 0, 0, 1, 0];

    public double Slope { get; init; } = 1;

    public double Intercept { get; init; } = -1024;

    /// <summary>The stored value of the pixel (column, row).</summary>
    public Func<int, int, short> Value { get; init; } = (x, y) => (short)(1000 + x + (10 * y));

    public bool HasPixels { get; init; } = true;

    /// <summary>Further text elements, or others in place of those above; an empty text leaves one out.</summary>
    public IReadOnlyDictionary<uint, string> Extra { get; init; } = new Dictionary<uint, string>();

    /// <summary>Slices one above the other; <paramref name="change"/> makes each special.</summary>
    public IEnumerable<DicomSlice> Stack(int count, double stepMm, Func<DicomSlice, int, DicomSlice>? change = null)
    {
        for (var i = 0; i < count; i++)
        {
            var index = i;
            var slice = this with
            {
                Position = [Position![0], Position[1], Position[2] + (i * stepMm)],
                Value = (x, y) => (short)(1000 + x + (10 * y) + (100 * index)),
            };
            yield return change?.Invoke(slice, i) ?? slice;
        }
    }

    public string Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        var uid = SopUid ?? $"1.2.826.9.{Interlocked.Increment(ref written)}";
        Element(file, 0x00020002, "UI", SopClass, true);
        Element(file, 0x00020003, "UI", uid, true);
        Element(file, 0x00020010, "UI", Syntax, true);
        foreach (var (tag, (type, text)) in Elements(uid))
        {
            if (text.Length > 0)
                Element(file, tag, type, text, Syntax != ImplicitSyntax);
        }

        return path;
    }

    private SortedDictionary<uint, (string Type, string Text)> Elements(string uid)
    {
        var all = new SortedDictionary<uint, (string, string)>
        {
            [0x00080008] = ("CS", ImageType),
            [0x00080016] = ("UI", SopClass),
            [0x00080018] = ("UI", uid),
            [0x00080060] = ("CS", Modality),
            [0x0008103E] = ("LO", Description),
            [0x00180050] = ("DS", "2"),
            [0x0020000D] = ("UI", "1.2"),
            [0x0020000E] = ("UI", SeriesUid),
            [0x00200011] = ("IS", SeriesNumber.ToString(CultureInfo.InvariantCulture)),
        };
        if (HasPixels)
        {
            if (Position is not null)
                all[0x00200032] = ("DS", Join(Position));
            all[0x00200037] = ("DS", Join(Orientation));
            all[0x00280002] = ("US", Number(1));
            all[0x00280004] = ("CS", "MONOCHROME2");
            all[0x00280010] = ("US", Number(Rows));
            all[0x00280011] = ("US", Number(Columns));
            all[0x00280030] = ("DS", Join(Spacing.Y, Spacing.X));
            all[0x00280100] = ("US", Number(16));
            all[0x00280101] = ("US", Number(16));
            all[0x00280102] = ("US", Number(15));
            all[0x00280103] = ("US", Number(1));
            all[0x00281052] = ("DS", Join(Intercept));
            all[0x00281053] = ("DS", Join(Slope));
            all[0x7FE00010] = ("OW", string.Concat(
                from y in Enumerable.Range(0, Rows) from x in Enumerable.Range(0, Columns) select Number(Value(x, y))));
        }

        foreach (var (tag, text) in Extra)
            all[tag] = (all.TryGetValue(tag, out var known) ? known.Item1 : "LO", text);
        return all;
    }

    // Bytes as characters of Latin-1.
    private static string Number(int value) => $"{(char)(value & 255)}{(char)((value >> 8) & 255)}";

    private static string Join(params double[] values) =>
        string.Join('\\', values.Select(value => value.ToString("0.######", CultureInfo.InvariantCulture)));

    private static void Element(Stream file, uint tag, string type, string text, bool typed)
    {
        var bytes = Encoding.Latin1.GetBytes(text.Length % 2 == 0 ? text : text + (type == "UI" ? '\0' : ' '));
        using var writer = new BinaryWriter(file, Encoding.Latin1, leaveOpen: true);
        writer.Write((ushort)(tag >> 16));
        writer.Write((ushort)tag);
        if (typed)
        {
            writer.Write(Encoding.ASCII.GetBytes(type));
            if (type is "OW")
                writer.Write((ushort)0);
            else
                writer.Write((ushort)bytes.Length);
        }

        if (!typed || type is "OW")
            writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
