using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// Reads the elements of a DICOM file that precede its voxels (DICOM PS3.5, chapter 7, and PS3.10), as tolerantly as GDCM,
/// DCMTK and pydicom: accepts files without preamble or meta group, elements without a VR, and data sets not stored as their
/// transfer syntax states.
/// </summary>
internal sealed class DicomParser
{
    public const string ExplicitSyntax = "1.2.840.10008.1.2.1";
    private const uint Undefined = uint.MaxValue;
    private const uint Item = 0xFFFEE000;
    private const uint ItemEnd = 0xFFFEE00D;
    private const uint SequenceEnd = 0xFFFEE0DD;
    private const int DeepestNesting = 64;
    private const int LongestValue = 1 << 16;
    private const int MostFrames = 100_000;
    private const int LargestInflated = 1 << 29;
    private const string ImplicitSyntax = "1.2.840.10008.1.2";
    private const string BigEndianSyntax = "1.2.840.10008.1.2.2";
    private const string DeflatedSyntax = "1.2.840.10008.1.2.1.99";
    private const string DirectoryClass = "1.2.840.10008.1.3.10";

    // The syntaxes that GDCM decodes; with others it fails silently or ends the process.
    private static readonly HashSet<string> CompressedSyntaxes = new(StringComparer.Ordinal)
    {
        "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57",
        "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.4.91",
    };

    private readonly DicomHeader _header;
    private readonly long _fileLength;
    private readonly Func<uint, bool> _isKept;
    private Stream _stream;
    private bool _explicitTypes = true;
    private bool _hasMark;

    private DicomParser(Stream stream, string path, Func<uint, bool> isKept) =>
        (_stream, _header, _fileLength, _isKept) = (stream, new(path), stream.Length, isKept);

    private bool BigEndian => _header.BigEndian;

    /// <summary>
    /// Reads the file's header; returns null if it is not a DICOM file or only lists others (DICOMDIR). By default, the
    /// header keeps the elements that describe an image and its position.
    /// </summary>
    public static DicomHeader? Read(string path, Func<uint, bool>? isKept = null)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 8192);
        var parser = new DicomParser(stream, path, isKept ?? DicomTag.IsKept);
        if (!parser.FindStart())
            return null;
        var header = parser._header;
        try
        {
            header.Defect = parser.ReadElements();
        }
        catch (EndOfStreamException)
        {
            header.Defect = $"'{path}' ends after {stream.Length} bytes, within its DICOM header; copy or export it again.";
        }
        catch (InvalidDataException)
        {
            header.Defect = $"'{path}' is damaged within its DICOM header, near byte {parser._stream.Position}; copy or export it "
                + "again.";
        }

        // Without the prefix, it counts as a DICOM file only if it states what it contains.
        var image = new DicomImage(header, 0, null);
        return image.Text(DicomTag.MediaStorageClass) == DirectoryClass
            || (!parser._hasMark && image.Modality.Length == 0 && image.Text(DicomTag.SopClass).Length == 0 && image.Rows == 0)
                ? null
                : header;
    }

    /// <summary>Opens the file's data set for parsing: the file itself, or its inflated remainder.</summary>
    public static Stream Open(string path, long? deflatedFrom)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 8192);
        if (deflatedFrom is not { } start)
            return file;
        using (file)
        {
            file.Position = start;
            return Inflate(file);
        }
    }

    private static MemoryStream Inflate(Stream packed)
    {
        using var inflated = new DeflateStream(packed, CompressionMode.Decompress, leaveOpen: true);
        var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int count; (count = inflated.Read(buffer)) > 0;)
        {
            if (content.Length > LargestInflated)
                throw new InvalidDataException();
            content.Write(buffer, 0, count);
        }

        content.Position = 0;
        return content;
    }

    // Part 10 files have a 128-byte preamble and a prefix; others begin with the meta group or with an element of group 8.
    private bool FindStart()
    {
        var start = new byte[132];
        var length = _stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        _hasMark = length == start.Length && start.AsSpan(128).SequenceEqual("DICM"u8);
        if (_hasMark)
            return true;
        _stream.Position = 0;
        if (length > 4 && start.AsSpan(0, 4).SequenceEqual("DICM"u8))
        {
            _stream.Position = 4;
            return true;
        }

        return length > 16 && start[0] is 8 or 2 && start[1] == 0 && start[3] == 0
            && (IsType(start.AsSpan(4)) || BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(4)) < 1024);
    }

    private static bool IsType(ReadOnlySpan<byte> bytes) =>
        char.IsAsciiLetterUpper((char)bytes[0]) && char.IsAsciiLetterUpper((char)bytes[1]);

    private string? ReadElements()
    {
        // The meta group always has explicit VRs; a data set is inspected for them.
        var inMeta = true;
        while (_stream.Position < _stream.Length)
        {
            var before = _stream.Position;
            var tag = ReadTag();
            if (inMeta && tag >> 16 != 2)
            {
                inMeta = false;
                if (StartDataSet(before) is { } problem)
                    return problem;
                continue;
            }

            if (tag is Item or ItemEnd or SequenceEnd)
            {
                // Stray delimiters of sequences whose length was wrong.
                ReadUInt32();
                continue;
            }

            var length = ReadLength(out var type);
            if (tag == DicomTag.PixelData)
                return length == Undefined ? TakeFragments() : TakePixels(length);
            if (tag is DicomTag.SharedGroups or DicomTag.FrameGroups)
            {
                ReadGroups(tag, length, type);
                continue;
            }

            if (length == Undefined)
                SkipItems(_explicitTypes && type != "UN", 0, null);
            else if (_isKept(tag) && length <= LongestValue)
                _header.Elements[tag] = ReadBytes((int)length);
            else
                Skip(length);
        }

        return null;
    }

    private string? StartDataSet(long before)
    {
        _header.Syntax = _header.Elements.TryGetValue(DicomTag.TransferSyntax, out var bytes)
            ? Encoding.ASCII.GetString(bytes).TrimEnd('\0', ' ')
            : "";
        _header.IsCompressed = CompressedSyntaxes.Contains(_header.Syntax);
        _header.BigEndian = _header.Syntax == BigEndianSyntax;
        _stream.Position = before;
        if (_header.Syntax == DeflatedSyntax)
        {
            _header.DeflatedFrom = before;
            _stream = Inflate(_stream);
        }
        else if (!_header.IsCompressed && _header.Syntax is not ("" or ImplicitSyntax or ExplicitSyntax or BigEndianSyntax))
        {
            return $"'{_header.Path}' has the transfer syntax {Printable(_header.Syntax)}, which is not supported; export it "
                + "uncompressed.";
        }

        // Whether elements have explicit VRs is visible in the data, whatever the transfer syntax states.
        var start = _stream.Position;
        ReadTag();
        _explicitTypes = IsType(ReadBytes(2));
        _stream.Position = start;
        return null;
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    // Uncompressed voxels. Some writers state a wrong length; data after the voxels does not matter.
    private string? TakePixels(uint length)
    {
        var image = new DicomImage(_header, 0, null);
        var expected = (double)image.Rows * image.Columns * (image.Integer(DicomTag.BitsAllocated) ?? 0) / 8
            * Math.Max(image.Integer(DicomTag.SamplesPerPixel) ?? 1, 1) * Math.Max(_header.Frames.Count, 1);
        var available = _stream.Length - _stream.Position;
        _header.Pixels = [(_stream.Position, available)];
        _header.IsCompressed = false;
        if (available < expected)
        {
            return length > available
                ? $"'{_header.Path}' ends after {_fileLength} of {_fileLength + length - available} bytes; copy or export it again."
                : $"'{_header.Path}' contains {available} bytes of voxels, but its header states {expected:0}; copy or export "
                    + "it again.";
        }

        return length < expected
            ? $"'{_header.Path}' contains {length} bytes of voxels, but its header states {expected:0}; copy or export it again."
            : null;
    }

    // Compressed voxels: items up to a delimiter, which some writers omit.
    private string? TakeFragments()
    {
        var fragments = new List<(long, long)>();
        _header.Pixels = fragments;
        while (_stream.Position + 8 <= _stream.Length)
        {
            var tag = ReadTag();
            var length = ReadUInt32();
            if (tag == SequenceEnd)
                break;
            if (tag != Item || _stream.Position + length > _stream.Length)
                return $"'{_header.Path}' ends or is damaged within its compressed voxels; copy or export it again.";
            fragments.Add((_stream.Position, length));
            _stream.Position += length;
        }

        return !_header.IsCompressed
            ? $"'{_header.Path}' contains compressed voxels, but its transfer syntax states otherwise; export it again."
            : fragments.Count < 2 ? $"'{_header.Path}' ends before its compressed voxels; copy or export it again." : null;
    }

    // The functional groups of an enhanced image; shared groups count as the file's own elements.
    private void ReadGroups(uint tag, uint length, string type)
    {
        var end = length == Undefined ? long.MaxValue : _stream.Position + length;
        Dictionary<uint, byte[]> Next()
        {
            if (tag == DicomTag.SharedGroups)
                return _header.Elements;
            if (_header.Frames.Count >= MostFrames)
                throw new InvalidDataException();
            _header.Frames.Add([]);
            return _header.Frames[^1];
        }

        ReadItems(_explicitTypes && type != "UN", 0, end, Next);
    }

    private void SkipItems(bool typed, int depth, Dictionary<uint, byte[]>? kept) =>
        ReadItems(typed, depth, long.MaxValue, kept is null ? null : () => kept);

    // Reads the items of a sequence up to its end; elements to keep go where the caller specifies, if anywhere.
    private void ReadItems(bool typed, int depth, long end, Func<Dictionary<uint, byte[]>>? next)
    {
        if (depth > DeepestNesting)
            throw new InvalidDataException();
        while (_stream.Position < end)
        {
            var tag = ReadTag();
            var length = ReadUInt32();
            if (tag == SequenceEnd)
                return;
            if (length != Undefined && next is null)
            {
                Skip(length);
                continue;
            }

            var kept = next?.Invoke();
            var itemEnd = length == Undefined ? long.MaxValue : _stream.Position + length;
            var outer = _explicitTypes;
            _explicitTypes = typed;
            while (_stream.Position < itemEnd)
            {
                tag = ReadTag();
                if (tag == ItemEnd)
                {
                    ReadUInt32();
                    break;
                }

                var inner = ReadLength(out var type);
                if (inner == Undefined)
                    SkipItems(typed && type != "UN", depth + 1, kept);
                else if (kept is not null && inner >= 8 && (type == "SQ" || (type.Length == 0 && IsMacro(tag))))
                    ReadItems(typed, depth + 1, _stream.Position + inner, () => kept);
                else if (kept is not null && DicomTag.IsOfFrame(tag) && inner <= LongestValue)
                    kept[tag] = ReadBytes((int)inner);
                else
                    Skip(inner);
            }

            _explicitTypes = outer;
        }
    }

    // Functional group sequences that position and scale a frame, for elements without VRs: pixel measures, position,
    // orientation, values, frame content, cardiac synchronization, temporal position, frame type.
    private static bool IsMacro(uint tag) => tag is 0x00289110 or 0x00209113 or 0x00209116 or 0x00289145 or 0x00209111
        or 0x00189118 or 0x00209310 or 0x00189329 or 0x00189226;

    /// <summary>Whether lengths of a VR have 4 bytes, after 2 reserved bytes.</summary>
    public static bool HasLongLength(string type) => type is "OB" or "OD" or "OF" or "OL" or "OV" or "OW" or "SQ" or "SV" or "UC"
        or "UN" or "UR" or "UT" or "UV";

    private uint ReadTag()
    {
        var group = ReadUInt16();
        return ((uint)group << 16) | ReadUInt16();
    }

    // An explicit VR precedes the length, which has 2 bytes, or 4 after 2 reserved bytes, depending on the VR (PS3.5, 7.1.2).
    private uint ReadLength(out string type)
    {
        type = "";
        if (!_explicitTypes)
            return ReadUInt32();
        var bytes = ReadBytes(2);
        if (!IsType(bytes) && !bytes.AsSpan().SequenceEqual("??"u8))
        {
            // Some writers omit the VR of private elements.
            _stream.Position -= 2;
            return ReadUInt32();
        }

        type = Encoding.ASCII.GetString(bytes);
        if (!HasLongLength(type))
            return ReadUInt16();
        ReadUInt16();
        return ReadUInt32();
    }

    private ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        _stream.ReadExactly(bytes);
        return BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    private uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        _stream.ReadExactly(bytes);
        return BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private byte[] ReadBytes(int count)
    {
        var bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private void Skip(uint length)
    {
        if (_stream.Position + length > _stream.Length)
            throw new EndOfStreamException();
        _stream.Position += length;
    }
}
