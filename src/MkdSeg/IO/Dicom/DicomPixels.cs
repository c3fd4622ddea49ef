using System.Buffers.Binary;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// The pixels of an image: stored value × slope + intercept, whatever the photometric interpretation, and padding as air.
/// Uncompressed pixels are read here. Compressed pixels go to GDCM in a separate file that states only how they are stored,
/// so nothing else in a header can mislead it, end the process or fill the terminal with warnings.
/// </summary>
internal static class DicomPixels
{
    private const float AirHu = -1024;

    /// <summary>Returns why the pixels cannot be read, as text that follows the file's name; null if they can.</summary>
    public static string? Problem(DicomImage image)
    {
        var (allocated, stored) = (Bits(image, DicomTag.BitsAllocated, 0), StoredBits(image));
        if (allocated is not (8 or 16 or 32) || stored < 1 || stored > allocated || HighBit(image) is var high
            && (high >= allocated || high + 1 < stored))
        {
            return $"stores {stored} of {allocated} bits per pixel; 8, 16 or 32 are supported: export it again.";
        }

        return image.Slope == 0 ? "has the rescale slope 0 (0028,1053), which makes all values equal; export it again." : null;
    }

    /// <summary>Describes how a voxel is stored; values that scaling makes fractional count as real.</summary>
    public static string Describe(DicomImage image)
    {
        if (image.Slope != Math.Floor(image.Slope) || image.Intercept != Math.Floor(image.Intercept))
            return VoxelType.Float32.Describe();
        var signed = IsSigned(image) || image.Intercept < 0;
        return (Bits(image, DicomTag.BitsAllocated, 16) switch
        {
            8 when image.Intercept == 0 => signed ? VoxelType.Int8 : VoxelType.UInt8,
            8 or 16 => signed ? VoxelType.Int16 : VoxelType.UInt16,
            _ => signed ? VoxelType.Int32 : VoxelType.UInt32,
        }).Describe();
    }

    /// <summary>Returns the bytes of an image as stored in the file, compressed or not.</summary>
    public static byte[] Bytes(DicomImage image)
    {
        var header = image.Header;
        using var stream = DicomParser.Open(header.Path, header.DeflatedFrom);
        if (!header.IsCompressed)
        {
            var bytes = new byte[(long)image.Rows * image.Columns * (Bits(image, DicomTag.BitsAllocated, 16) / 8)];
            stream.Position = header.Pixels![0].Start + ((long)image.Frame * bytes.Length);
            stream.ReadExactly(bytes);
            return bytes;
        }

        using var joined = new MemoryStream();
        foreach (var (start, length) in Fragments(image, stream))
        {
            var part = new byte[length];
            stream.Position = start;
            stream.ReadExactly(part);
            joined.Write(part);
        }

        return joined.ToArray();
    }

    /// <summary>Reads the values of an image.</summary>
    public static void Read(DicomImage image, float[] values)
    {
        var bytes = Bytes(image);
        if (image.Header.IsCompressed)
            Decode(image, bytes, values);
        else
            Unpack(image, bytes, values);
        var padding = PaddingRange(image);
        var (slope, intercept) = (image.Slope, image.Intercept);
        // Air in CT; elsewhere the scaled zero, which is background.
        var air = image.Modality == "CT" ? AirHu : (float)intercept;
        for (var i = 0; i < values.Length; i++)
        {
            var stored = values[i];
            values[i] = padding is { } range && stored >= range.From && stored <= range.To
                ? air
                : (float)((stored * slope) + intercept);
        }
    }

    private static int Bits(DicomImage image, uint tag, int otherwise) => image.Integer(tag) ?? otherwise;

    private static int StoredBits(DicomImage image) =>
        Bits(image, DicomTag.BitsStored, Bits(image, DicomTag.BitsAllocated, 16));

    private static int HighBit(DicomImage image) => Bits(image, DicomTag.HighBit, StoredBits(image) - 1);

    private static bool IsSigned(DicomImage image) => image.Integer(DicomTag.PixelRepresentation) == 1;

    // PS3.3, C.7.5.1.1.2: one value, or all values from it to the limit.
    private static (double From, double To)? PaddingRange(DicomImage image)
    {
        if (image.Integer(DicomTag.PixelPadding) is not { } padding || Bits(image, DicomTag.BitsAllocated, 16) > 16)
            return null;
        double Signed(int value) => IsSigned(image) ? (short)value : (ushort)value;
        var first = Signed(padding);
        var last = image.Integer(DicomTag.PixelPaddingLimit) is { } limit ? Signed(limit) : first;
        return (Math.Min(first, last), Math.Max(first, last));
    }

    // Bits outside the stored ones (overlays of old scanners) are ignored.
    private static void Unpack(DicomImage image, byte[] bytes, float[] values)
    {
        var (size, stored, signed) = (Bits(image, DicomTag.BitsAllocated, 16) / 8, StoredBits(image), IsSigned(image));
        var (drop, keep) = (64 - HighBit(image) - 1, 64 - stored);
        var big = image.Header.BigEndian;
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes.AsSpan(i * size, size);
            ulong raw = size switch
            {
                1 => at[0],
                2 => big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
                _ => big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at),
            };
            values[i] = signed ? (long)(raw << drop) >> keep : (raw << drop) >> keep;
        }
    }

    private static IEnumerable<(long Start, long Length)> Fragments(DicomImage image, Stream stream)
    {
        var all = image.Header.Pixels!;
        var fragments = all.Skip(1).ToArray();
        var frames = Math.Max(image.Header.Frames.Count, 1);
        if (frames == 1)
            return fragments;
        if (fragments.Length == frames)
            return [fragments[image.Frame]];
        // The table contains each frame's offset from the end of the table.
        var table = new byte[all[0].Length];
        stream.Position = all[0].Start;
        stream.ReadExactly(table);
        if (table.Length != 4 * frames)
        {
            throw new UserErrorException(
                $"'{image.Path}' contains {frames} frames in {fragments.Length} compressed fragments, but no table assigns them "
                + "to frames; export it uncompressed.");
        }

        long Offset(int frame) => frame < frames
            ? BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(4 * frame)) + all[0].Start + all[0].Length
            : long.MaxValue;
        return fragments.Where(part => part.Start > Offset(image.Frame) && part.Start <= Offset(image.Frame + 1));
    }

    private static void Decode(DicomImage image, byte[] compressed, float[] values)
    {
        var path = Path.Combine(Path.GetTempPath(), $"mkdseg-{Guid.NewGuid():N}.dcm");
        try
        {
            File.WriteAllBytes(path, Wrap(image, compressed));
            var pixels = Itk.Read(path, "GDCMImageIO", image.Path);
            if (pixels is null || pixels.Values.Length != values.Length)
            {
                throw new UserErrorException(
                    $"'{image.Path}' cannot be decoded (transfer syntax {image.Header.Syntax}); copy or export it again.");
            }

            pixels.Values.CopyTo(values, 0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Builds a DICOM file with only the pixels.
    private static byte[] Wrap(DicomImage image, byte[] compressed)
    {
        const string secondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        new DicomElements()
            .Text(DicomTag.SopClass, "UI", secondaryCapture)
            .Text(DicomTag.SopInstance, "UI", "1.2.3.4")
            .UInt16(DicomTag.SamplesPerPixel, 1)
            .Text(0x00280004, "CS", "MONOCHROME2")
            .UInt16(DicomTag.Rows, image.Rows)
            .UInt16(DicomTag.Columns, image.Columns)
            .UInt16(DicomTag.BitsAllocated, Bits(image, DicomTag.BitsAllocated, 16))
            .UInt16(DicomTag.BitsStored, StoredBits(image))
            .UInt16(DicomTag.HighBit, HighBit(image))
            .UInt16(DicomTag.PixelRepresentation, IsSigned(image) ? 1 : 0)
            .BeginFile(writer, image.Header.Syntax);
        DicomElements.WriteTag(writer, DicomTag.PixelData);
        writer.Write("OB\0\0"u8);
        writer.Write(uint.MaxValue);
        DicomElements.WriteTag(writer, 0xFFFEE000);
        writer.Write(0);
        DicomElements.WriteTag(writer, 0xFFFEE000);
        writer.Write(compressed.Length + (compressed.Length & 1));
        writer.Write(compressed);
        writer.Write(new byte[compressed.Length & 1]);
        DicomElements.WriteTag(writer, 0xFFFEE0DD);
        writer.Write(0);
        writer.Flush();
        return content.ToArray();
    }
}
