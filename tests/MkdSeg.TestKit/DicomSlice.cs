using System.Globalization;
using System.IO.Compression;
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
    public const string BigEndianSyntax = "1.2.840.10008.1.2.2";
    public const string DeflatedSyntax = "1.2.840.10008.1.2.1.99";

    private static int _written;

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

    /// <summary>How much of the file's head is written: 0 all, 128 without the free bytes, 132 from the meta group on.</summary>
    public int Headless { get; init; }

    /// <summary>Whether the meta group is left out, and the head with it.</summary>
    public bool IsBare { get; init; }

    /// <summary>Bytes put in before the first element of a group above 8.</summary>
    public byte[] Inserted { get; init; } = [];

    /// <summary>Bytes behind the pixels.</summary>
    public byte[] Trailing { get; init; } = [];

    /// <summary>Where not null, the file is an enhanced CT whose frames lie at these positions.</summary>
    public double[][]? Frames { get; init; }

    /// <summary>Whether sequences have a length or end with a delimiter.</summary>
    public bool SequencesHaveLength { get; init; }

    /// <summary>Functional groups of each frame beside its position: sequence, element, type, value.</summary>
    public Func<int, (uint Sequence, uint Tag, string Type, string Value)[]> FrameGroups { get; init; } = _ => [];

    public string Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ToBytes());
        return path;
    }

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        var uid = SopUid ?? $"1.2.826.9.{Interlocked.Increment(ref _written)}";
        if (!IsBare)
        {
            file.Write(new byte[128]);
            file.Write("DICM"u8);
            Element(file, 0x00020002, "UI", SopClass, true);
            Element(file, 0x00020003, "UI", uid, true);
            Element(file, 0x00020010, "UI", Syntax, true);
        }

        using var data = new MemoryStream();
        var inserted = false;
        foreach (var (tag, (type, text)) in Elements(uid))
        {
            if (!inserted && tag >= 0x00090000)
                data.Write(Inserted);
            inserted |= tag >= 0x00090000;
            if (Frames is not null && tag == 0x7FE00010)
                WriteGroups(data);
            if (text.Length > 0)
                Element(data, tag, type, text, IsTyped, Syntax == BigEndianSyntax);
        }

        data.Write(Trailing);
        data.Position = 0;
        if (Syntax == DeflatedSyntax)
        {
            using var packed = new DeflateStream(file, CompressionLevel.Fastest, leaveOpen: true);
            data.CopyTo(packed);
        }
        else
        {
            data.CopyTo(file);
        }

        return file.ToArray()[Headless..];
    }

    private bool IsTyped => Syntax != ImplicitSyntax;

    // Shared: orientation, spacing, scaling. Of each frame: position, and what the caller adds.
    private void WriteGroups(Stream data)
    {
        Sequence(data, 0x52009229, [Content(
        [
            (0x00209116, 0x00200037, "DS", Join(Orientation)), (0x00289110, 0x00280030, "DS", Join(Spacing.Y, Spacing.X)),
            (0x00289145, 0x00281052, "DS", Join(Intercept)), (0x00289145, 0x00281053, "DS", Join(Slope)),
        ])]);
        Sequence(data, 0x52009230, [.. Frames!.Select((position, i) => Content(
            [(0x00209113, 0x00200032, "DS", Join(position)), .. FrameGroups(i)]))]);

        byte[] Content((uint Sequence, uint Tag, string Type, string Value)[] groups)
        {
            using var content = new MemoryStream();
            foreach (var group in groups.GroupBy(g => g.Sequence).OrderBy(g => g.Key))
            {
                using var item = new MemoryStream();
                foreach (var (_, tag, type, value) in group)
                    Element(item, tag, type, value, IsTyped);
                Sequence(content, group.Key, [item.ToArray()]);
            }

            return content.ToArray();
        }
    }

    private void Sequence(Stream data, uint tag, byte[][] items)
    {
        using var content = new MemoryStream();
        foreach (var item in items)
        {
            Head(content, 0xFFFEE000, SequencesHaveLength ? item.Length : -1);
            content.Write(item);
            if (!SequencesHaveLength)
                Head(content, 0xFFFEE00D, 0);
        }

        if (!SequencesHaveLength)
            Head(content, 0xFFFEE0DD, 0);
        using var writer = new BinaryWriter(data, Encoding.Latin1, leaveOpen: true);
        writer.Write((ushort)(tag >> 16));
        writer.Write((ushort)tag);
        if (IsTyped)
            writer.Write("SQ\0\0"u8);
        writer.Write(SequencesHaveLength ? (int)content.Length : -1);
        writer.Write(content.ToArray());

        static void Head(Stream stream, uint tag, int length)
        {
            using var writer = new BinaryWriter(stream, Encoding.Latin1, leaveOpen: true);
            writer.Write((ushort)(tag >> 16));
            writer.Write((ushort)tag);
            writer.Write(length);
        }
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
                from frame in Enumerable.Range(0, Frames?.Length ?? 1)
                from y in Enumerable.Range(0, Rows)
                from x in Enumerable.Range(0, Columns)
                select Number(Value(x, y) + (100 * frame))));
        }

        if (Frames is not null)
        {
            all[0x00280008] = ("IS", Frames.Length.ToString(CultureInfo.InvariantCulture));
            foreach (var tag in (uint[])[0x00200032, 0x00200037, 0x00280030, 0x00281052, 0x00281053])
                all.Remove(tag);
        }

        foreach (var (tag, text) in Extra)
            all[tag] = (all.TryGetValue(tag, out var known) ? known.Item1 : TypeOf(tag), text);
        return all;
    }

    private static string TypeOf(uint tag) => tag switch
    {
        0x00280120 or 0x00280121 => "SS",
        0x00209241 or 0x00209153 => "FD",
        _ => "LO",
    };

    /// <summary>A 16-bit number as an element's text: bytes as characters of Latin-1.</summary>
    public static string Number(int value) => $"{(char)(value & 255)}{(char)((value >> 8) & 255)}";

    private static string Join(params double[] values) =>
        string.Join('\\', values.Select(value => value.ToString("0.######", CultureInfo.InvariantCulture)));

    private static void Element(Stream file, uint tag, string type, string text, bool typed, bool bigEndian = false)
    {
        var bytes = Encoding.Latin1.GetBytes(text.Length % 2 == 0 ? text : text + (type == "UI" ? '\0' : ' '));
        if (bigEndian && type is "US" or "OW" or "SS")
        {
            for (var i = 0; bigEndian && i + 1 < bytes.Length; i += 2)
                (bytes[i], bytes[i + 1]) = (bytes[i + 1], bytes[i]);
        }

        void Write16(int value) => file.Write(bigEndian ? [(byte)(value >> 8), (byte)value] : [(byte)value, (byte)(value >> 8)]);
        void Write32(int value)
        {
            Write16(bigEndian ? value >> 16 : value);
            Write16(bigEndian ? value : value >> 16);
        }

        Write16((int)(tag >> 16));
        Write16((int)tag & 0xffff);
        if (typed)
            file.Write(Encoding.ASCII.GetBytes(type));
        if (typed && type is not "OW")
            Write16(bytes.Length);
        if (typed && type is "OW")
            Write16(0);
        if (!typed || type is "OW")
            Write32(bytes.Length);
        file.Write(bytes);
    }
}
