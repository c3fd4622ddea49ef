using System.Buffers.Binary;
using System.Text;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// Reads the elements of a DICOM file that come before its voxels (DICOM PS3.5, chapter 7, and PS3.10). An archive holds
/// many thousands of files, and objects without an image, of which an image reader tells nothing; so headers are read
/// here, and voxels by GDCM.
/// </summary>
internal sealed class DicomParser
{
    private const uint Undefined = uint.MaxValue;
    private const uint Item = 0xFFFEE000;
    private const uint ItemEnd = 0xFFFEE00D;
    private const uint SequenceEnd = 0xFFFEE0DD;
    private const int DeepestNesting = 64;
    private const int LongestValue = 1 << 16;
    private const string ImplicitSyntax = "1.2.840.10008.1.2";
    private const string BigEndianSyntax = "1.2.840.10008.1.2.2";
    private const string DeflatedSyntax = "1.2.840.10008.1.2.1.99";
    private const string DirectoryClass = "1.2.840.10008.1.3.10";
    // What GDCM decodes; of others it says nothing or ends the process.
    private static readonly HashSet<string> KnownSyntaxes = new(StringComparer.Ordinal)
    {
        ImplicitSyntax, "1.2.840.10008.1.2.1", BigEndianSyntax, "1.2.840.10008.1.2.5",
        "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
        "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
    };

    // PS3.5, table 6.2-1; "??" is what some writers give private elements.
    private static readonly HashSet<string> KnownTypes = new(StringComparer.Ordinal)
    {
        "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV", "OW", "PN", "SH",
        "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV", "??",
    };

    private readonly Stream stream;
    private readonly string path;
    private readonly Dictionary<uint, byte[]> elements = [];
    private bool explicitTypes = true;
    private bool bigEndian;
    private bool hasPixels;
    private bool hasMark;

    private DicomParser(Stream stream, string path) => (this.stream, this.path) = (stream, path);

    /// <summary>The file's header; null for a file that is no DICOM file or only lists others (DICOMDIR).</summary>
    public static DicomFile? Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 8192);
        var parser = new DicomParser(stream, path);
        if (!parser.FindStart())
            return null;
        string? defect = null;
        try
        {
            defect = parser.ReadElements();
        }
        catch (EndOfStreamException)
        {
            defect = $"'{path}' ends after {stream.Length} bytes, within its DICOM header; copy or export it again.";
        }
        catch (InvalidDataException)
        {
            defect = $"'{path}' is damaged within its DICOM header, near byte {stream.Position}; copy or export it again.";
        }

        var file = new DicomFile(path, parser.elements, parser.hasPixels, defect);
        if (file.Text(DicomTag.MediaStorageClass) == DirectoryClass)
            return null;
        return parser.bigEndian ? file.InBigEndian() : file;
    }

    // Part 10 files have 128 free bytes and a mark; older ones begin with an element of group 8.
    private bool FindStart()
    {
        Span<byte> start = stackalloc byte[132];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        hasMark = length == start.Length && start[128..].SequenceEqual("DICM"u8);
        if (hasMark)
            return true;
        var extension = Path.GetExtension(path);
        var likely = length > 16 && start[0] == 8 && start[1] == 0 && start[3] == 0
            && start[2] is 0 or 5 or 8 or 0x12 or 0x16
            && (extension.Length == 0 || extension.ToLowerInvariant() is ".dcm" or ".ima");
        explicitTypes = char.IsAsciiLetterUpper((char)start[4]) && char.IsAsciiLetterUpper((char)start[5]);
        stream.Position = 0;
        return likely;
    }

    private string? ReadElements()
    {
        var inMeta = true;
        while (stream.Position < stream.Length)
        {
            var before = stream.Position;
            var tag = ReadTag();
            if (inMeta && tag >> 16 != 2)
            {
                inMeta = false;
                if (hasMark && !elements.ContainsKey(DicomTag.TransferSyntax))
                    return $"'{path}' does not say how it is stored (its transfer syntax); copy or export it again.";
                if (elements.TryGetValue(DicomTag.TransferSyntax, out var bytes))
                {
                    var syntax = Encoding.ASCII.GetString(bytes).TrimEnd('\0', ' ');
                    if (syntax == DeflatedSyntax)
                        return $"'{path}' is deflated as a whole, which is not read; export it without that.";
                    if (!KnownSyntaxes.Contains(syntax))
                    {
                        return $"'{path}' has the transfer syntax {Printable(syntax)}, which is not read; export it "
                            + "uncompressed.";
                    }

                    explicitTypes = syntax != ImplicitSyntax;
                    bigEndian = syntax == BigEndianSyntax;
                    stream.Position = before;
                    tag = ReadTag();
                }
            }

            var length = ReadLength(out var type);
            if (tag == DicomTag.PixelData)
            {
                hasPixels = true;
                return length == Undefined ? CheckFragments() : CheckLength(length);
            }

            if (length == Undefined)
                SkipItems(explicitTypes && type != "UN", 0);
            else if (DicomTag.IsKept(tag) && length <= LongestValue)
                elements[tag] = ReadBytes((int)length);
            else
                Skip(length);
        }

        return null;
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    // Voxels stored as they are.
    private string? CheckLength(uint length)
    {
        var end = stream.Position + length;
        if (end > stream.Length)
            return $"'{path}' ends after {stream.Length} of {end} bytes; copy or export it again.";
        var header = new DicomFile(path, elements, hasPixels, null);
        if (bigEndian)
            header.InBigEndian();
        var expected = (long)header.Rows * header.Columns * (header.Number(DicomTag.BitsAllocated) ?? 0) / 8;
        return length < expected
            ? $"'{path}' holds {length} bytes of voxels, its header promises {expected}; copy or export it again."
            : null;
    }

    // Compressed voxels: items up to a delimiter, which some writers leave out.
    private string? CheckFragments()
    {
        while (stream.Position < stream.Length)
        {
            var tag = ReadTag();
            var length = ReadUInt32();
            if (tag == SequenceEnd)
                return null;
            if (tag != Item || stream.Position + length > stream.Length)
                return $"'{path}' ends or is damaged within its compressed voxels; copy or export it again.";
            stream.Position += length;
        }

        return null;
    }

    private void SkipItems(bool typed, int depth)
    {
        if (depth > DeepestNesting)
            throw new EndOfStreamException();
        while (true)
        {
            var tag = ReadTag();
            var length = ReadUInt32();
            if (tag == SequenceEnd)
                return;
            if (length != Undefined)
            {
                Skip(length);
                continue;
            }

            var outer = explicitTypes;
            explicitTypes = typed;
            while ((tag = ReadTag()) != ItemEnd)
            {
                var inner = ReadLength(out var type);
                if (inner == Undefined)
                    SkipItems(typed && type != "UN", depth + 1);
                else
                    Skip(inner);
            }

            ReadUInt32();
            explicitTypes = outer;
        }
    }

    private uint ReadTag()
    {
        var group = ReadUInt16();
        return ((uint)group << 16) | ReadUInt16();
    }

    // Explicit types come before the length, which has 2 bytes, or 4 after 2 free ones, depending on the type.
    private uint ReadLength(out string type)
    {
        type = "";
        if (!explicitTypes)
            return ReadUInt32();
        type = Encoding.ASCII.GetString(ReadBytes(2));
        if (!KnownTypes.Contains(type))
            throw new InvalidDataException();
        if (type is not ("OB" or "OD" or "OF" or "OL" or "OV" or "OW" or "SQ" or "SV" or "UC" or "UN" or "UR" or "UT"
            or "UV"))
            return ReadUInt16();
        ReadUInt16();
        return ReadUInt32();
    }

    private ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        stream.ReadExactly(bytes);
        return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    private uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        stream.ReadExactly(bytes);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private byte[] ReadBytes(int count)
    {
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void Skip(uint length)
    {
        if (stream.Position + length > stream.Length)
            throw new EndOfStreamException();
        stream.Position += length;
    }
}
