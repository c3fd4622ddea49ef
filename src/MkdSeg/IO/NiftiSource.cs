using System.Buffers.Binary;
using System.IO.Compression;
using MkdSeg.Common;
using MkdSeg.Volumes;
using itk.simple;

namespace MkdSeg.IO;

/// <summary>
/// A NIfTI file with header and voxels in one. It is read here and not by ITK, whose versions differ in what they take:
/// 5.2 knows no NIfTI-2, prefers the qform, and reads a truncated file without a word.
/// </summary>
internal sealed class NiftiSource : VolumeSource
{
    private const int ChunkVoxels = 1 << 16;

    private readonly NiftiHeader header;
    private readonly bool compressed;

    public NiftiSource(string path)
        : base(path)
    {
        using var file = File.OpenRead(path);
        compressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using var stream = Unpacked(file);
        header = NiftiHeader.Parse(Start(stream), path);
        (Grid, Warnings) = NiftiGeometry.Of(header, path);
    }

    public override Grid Grid { get; }

    public override IReadOnlyList<string> Warnings { get; }

    public override string Format => "NIfTI";

    public override int ComponentCount => header.DataType.Components;

    public override PixelIDValueEnum PixelType => header.IsScaled && header.DataType.Size < sizeof(double)
        ? PixelIDValueEnum.sitkFloat32
        : header.DataType.PixelType;

    private long ExpectedLength => header.VoxelOffset + (Grid.Size.VoxelCount * header.DataType.Size);

    public static bool HasName(string path) =>
        path.EndsWith(".nii", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Compares the file's length with its header's, before memory is taken for what it promises.</summary>
    public override void RequireComplete()
    {
        using var file = File.OpenRead(Path);
        var found = compressed ? UncompressedLength(file) : file.Length;
        if (found < ExpectedLength)
            throw Truncated(found);
    }

    public override void Read(VoxelConsumer consume)
    {
        using var file = File.OpenRead(Path);
        using var stream = Unpacked(file);
        var size = header.DataType.Size;
        var bytes = new byte[ChunkVoxels * size];
        var values = new float[ChunkVoxels];
        var position = Skip(stream, bytes);
        var count = (int)Grid.Size.VoxelCount;
        for (var start = 0; start < count;)
        {
            var part = Math.Min(ChunkVoxels, count - start);
            var chunk = bytes.AsSpan(0, part * size);
            position += Fill(stream, chunk, position);
            header.DataType.Convert(chunk, values.AsSpan(0, part), header.BigEndian, header.Slope, header.Intercept);
            consume(start, values.AsSpan(0, part));
            start += part;
        }

        // The sum at the end of a gzip file is compared when more is asked for.
        if (compressed)
            Read(stream, bytes.AsSpan(0, 1), position);
    }

    private static byte[] Start(Stream stream)
    {
        var start = new byte[NiftiHeader.Length2];
        try
        {
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private Stream Unpacked(FileStream file) =>
        compressed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;

    private long Skip(Stream stream, byte[] buffer)
    {
        for (long position = 0; position < header.VoxelOffset;)
        {
            var part = (int)Math.Min(buffer.Length, header.VoxelOffset - position);
            position += Fill(stream, buffer.AsSpan(0, part), position);
        }

        return header.VoxelOffset;
    }

    private int Fill(Stream stream, Span<byte> target, long position)
    {
        var count = 0;
        for (int read; count < target.Length && (read = Read(stream, target[count..], position + count)) > 0;)
            count += read;
        return count == target.Length ? count : throw Truncated(position + count);
    }

    private int Read(Stream stream, Span<byte> target, long position)
    {
        try
        {
            return stream.Read(target);
        }
        catch (InvalidDataException error)
        {
            throw new UserErrorException(
                $"The compression of '{Path}' is damaged after {position} of {ExpectedLength} bytes of voxels and header; "
                + "copy or download it again.",
                error);
        }
    }

    // The last four bytes of a gzip file are the length of what it holds, modulo 2^32. Only where they differ from what
    // is expected (truncated, several members, further data) is the file read through.
    private long UncompressedLength(FileStream file)
    {
        var expected = ExpectedLength;
        Span<byte> trailer = stackalloc byte[4];
        file.Seek(-4, SeekOrigin.End);
        file.ReadExactly(trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) == unchecked((uint)expected)
            && expected / VoxelData.GreatestCompression <= file.Length)
        {
            return expected;
        }

        file.Position = 0;
        using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        return VoxelData.CountBytes(unpacked, expected);
    }

    private UserErrorException Truncated(long found) => new(
        $"'{Path}' ends after {found} of {ExpectedLength} bytes of voxels and header; copy or download it again.");
}
