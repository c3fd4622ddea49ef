using System.Buffers.Binary;
using System.Text;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// The elements of a data set or of a sequence item, ordered by tag, and how they are written: explicit VR, little-endian,
/// sequences and items with explicit lengths (PS3.5, 7.1.2 and 7.5; PS3.10, 7.1).
/// </summary>
/// <param name="encoding">The character set of texts; null for ASCII, where other characters become question marks.</param>
internal sealed class DicomElements(Encoding? encoding = null)
{
    // A UUID generated once for this writer.
    private const string ImplementationUid = "2.25.231210602653205583834699672395605543861";
    private const uint LongestValue = uint.MaxValue - 1;

    private readonly SortedDictionary<uint, (string Type, byte[] Value)> _elements = [];

    /// <summary>Creates a globally unique UID (PS3.5, B.2).</summary>
    public static string NewUid() => $"2.25.{BinaryPrimitives.ReadUInt128BigEndian(Guid.NewGuid().ToByteArray(bigEndian: true))}";

    public DicomElements Text(uint tag, string type, string text) => Bytes(tag, type, (encoding ?? Encoding.ASCII).GetBytes(text));

    /// <summary>Sets a text, truncated to the longest length that its VR allows.</summary>
    public DicomElements Text(uint tag, string type, string text, int longest) =>
        Text(tag, type, text.Length > longest ? text[..longest] : text);

    public DicomElements Decimals(uint tag, params ReadOnlySpan<double> values)
    {
        var texts = new string[values.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Decimal(values[i]);
        return Text(tag, "DS", string.Join('\\', texts));
    }

    public DicomElements UInt16(uint tag, params ReadOnlySpan<int> values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)values[i]);
        return Bytes(tag, "US", bytes);
    }

    public DicomElements UInt32(uint tag, params ReadOnlySpan<int> values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        return Bytes(tag, "UL", bytes);
    }

    /// <summary>Sets an element whose value is the tag of another element.</summary>
    public DicomElements Tag(uint tag, uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(value >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)value);
        return Bytes(tag, "AT", bytes);
    }

    /// <summary>Sets a terminology code as a sequence's only item (PS3.3, 8.8).</summary>
    public DicomElements Code(uint tag, DicomCode code) => Sequence(tag, new DicomElements(encoding)
        .Text(0x00080100, "SH", code.Value, 16)
        .Text(0x00080102, "SH", code.Scheme, 16)
        .Text(0x00080104, "LO", code.Meaning, 64));

    public DicomElements Sequence(uint tag, params IReadOnlyCollection<DicomElements> items)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        foreach (var item in items)
        {
            WriteTag(writer, 0xFFFEE000);
            writer.Write(0);
            var start = content.Position;
            item.WriteTo(writer);
            content.Position = start - 4;
            writer.Write((uint)(content.Length - start));
            content.Position = content.Length;
        }

        return Bytes(tag, "SQ", content.ToArray());
    }

    /// <summary>Sets an element; a value of odd length is padded (PS3.5, 6.2).</summary>
    public DicomElements Bytes(uint tag, string type, byte[] value)
    {
        _elements[tag] = (type, value.Length % 2 == 0 ? value : [.. value, type is "UI" or "OB" ? (byte)0 : (byte)' ']);
        return this;
    }

    public DicomElements Without(uint tag)
    {
        _elements.Remove(tag);
        return this;
    }

    public bool IsEmpty(uint tag) => !_elements.TryGetValue(tag, out var element) || element.Value.Length == 0;

    public void WriteTo(BinaryWriter writer)
    {
        foreach (var (tag, (type, value)) in _elements)
        {
            WriteHead(writer, tag, type, (uint)value.Length);
            writer.Write(value);
        }
    }

    /// <summary>Begins a file with this data set: preamble, prefix, meta group, elements; pixels follow.</summary>
    public void BeginFile(BinaryWriter writer, string syntax = DicomParser.ExplicitSyntax)
    {
        writer.Write(new byte[128]);
        writer.Write("DICM"u8);
        using var content = new MemoryStream();
        using var meta = new BinaryWriter(content);
        new DicomElements()
            .Bytes(0x00020001, "OB", [0, 1])
            .Bytes(DicomTag.MediaStorageClass, "UI", _elements[DicomTag.SopClass].Value)
            .Bytes(0x00020003, "UI", _elements[DicomTag.SopInstance].Value)
            .Text(DicomTag.TransferSyntax, "UI", syntax)
            .Text(0x00020012, "UI", ImplementationUid)
            .Text(0x00020013, "SH", "MKDSEG", 16)
            .WriteTo(meta);
        new DicomElements().UInt32(0x00020000, (int)content.Length).WriteTo(writer);
        writer.Write(content.ToArray());
        WriteTo(writer);
    }

    /// <summary>Writes a file atomically; <paramref name="writePixels"/> writes the announced number of bytes.</summary>
    /// <exception cref="UserErrorException">The file cannot be written, or has more pixels than the format allows.</exception>
    public void WriteFile(string path, string pixelType, long pixelBytes, Action<Stream> writePixels)
    {
        if (pixelBytes > LongestValue)
        {
            throw new UserErrorException(
                $"'{path}' cannot be written: its pixels would take {pixelBytes >> 30} GB, but DICOM files contain at most 4 GB; "
                + "choose another format.");
        }

        VolumeFile.TranslateErrors(path, () => AtomicFile.Write(path, temporary =>
        {
            using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            using var writer = new BinaryWriter(file);
            BeginFile(writer);
            WriteHead(writer, DicomTag.PixelData, pixelType, (uint)(pixelBytes + (pixelBytes & 1)));
            writer.Flush();
            writePixels(file);
            file.Write(new byte[pixelBytes & 1]);
        }));
    }

    public static void WriteTag(BinaryWriter writer, uint tag)
    {
        writer.Write((ushort)(tag >> 16));
        writer.Write((ushort)tag);
    }

    private static void WriteHead(BinaryWriter writer, uint tag, string type, uint length)
    {
        WriteTag(writer, tag);
        writer.Write(Encoding.ASCII.GetBytes(type));
        if (DicomParser.HasLongLength(type))
        {
            writer.Write((ushort)0);
            writer.Write(length);
        }
        else
        {
            writer.Write(checked((ushort)length));
        }
    }

    // As many digits as fit into the 16 characters that a decimal string allows.
    private static string Decimal(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        for (var digits = 15; text.Length > 16; digits--)
            text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        return text;
    }
}

/// <summary>A terminology code, such as (SCT, 80891009, "Heart").</summary>
internal readonly record struct DicomCode(string Scheme, string Value, string Meaning);
