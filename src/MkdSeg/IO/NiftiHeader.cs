using System.Text;
using MkdSeg.Common;

namespace MkdSeg.IO;

/// <summary>
/// What the header of a NIfTI file says, version 1 or 2, either byte order. Offsets are those of nifti1.h and nifti2.h.
/// </summary>
internal sealed record NiftiHeader
{
    public const int Length1 = 348;
    public const int Length2 = 540;

    public required bool BigEndian { get; init; }

    /// <summary>The sizes of all dimensions, at least 1 each.</summary>
    public required long[] Dimensions { get; init; }

    public required NiftiDataType DataType { get; init; }

    public required double Slope { get; init; }

    public required double Intercept { get; init; }

    public required long VoxelOffset { get; init; }

    public required short QformCode { get; init; }

    public required short SformCode { get; init; }

    /// <summary>qfac, then the spacings of the dimensions.</summary>
    public required double[] PixelDimensions { get; init; }

    /// <summary>b, c, d of the quaternion, then the offset.</summary>
    public required double[] Quaternion { get; init; }

    /// <summary>The sform's three rows of four.</summary>
    public required double[] Rows { get; init; }

    /// <summary>Millimetres in the file's unit of length.</summary>
    public required double UnitMm { get; init; }

    public bool IsScaled => Slope != 1 || Intercept != 0;

    /// <summary>Reads the first bytes of a file.</summary>
    /// <param name="bytes">At least the header; fewer where the file is shorter.</param>
    /// <param name="path">The file, for messages.</param>
    public static NiftiHeader Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var (version, bigEndian) = Version(bytes, path);
        var second = version == 2;
        if (bytes.Length < (second ? Length2 : Length1))
        {
            throw new UserErrorException(
                $"'{path}' ends after {bytes.Length} bytes, within its header; copy or download it again.");
        }

        var magic = Encoding.ASCII.GetString(second ? bytes.Slice(4, 3) : bytes.Slice(344, 3));
        if (magic != (second ? "n+2" : "n+1"))
        {
            throw new UserErrorException(
                $"'{path}' is no NIfTI file with header and voxels in one: its mark is '{Printable(magic)}', expected is "
                + $"'n+{version}'; give the .hdr file of a pair, or convert it.");
        }

        var fields = new NiftiFields(bytes, bigEndian);
        var slope = second ? fields.Double(176) : fields.Single(112);
        var intercept = second ? fields.Double(184) : fields.Single(116);
        // nifti1.h: a slope of 0 means that values are stored as they are.
        var scaled = slope != 0 && double.IsFinite(slope);
        if (scaled && !double.IsFinite(intercept))
        {
            throw new UserErrorException(
                $"'{path}' has the scaling intercept {intercept}; a finite number is expected: make the file anew.");
        }

        var offset = second ? fields.Int64(168) : (long)Math.Clamp(fields.Single(108), 0, long.MaxValue / 2);
        return new NiftiHeader
        {
            BigEndian = bigEndian,
            Dimensions = Sizes(fields, second, path),
            DataType = NiftiDataType.Of(fields.Int16(second ? 12 : 70), path),
            Slope = scaled ? slope : 1,
            Intercept = scaled ? intercept : 0,
            VoxelOffset = Math.Max(offset, second ? Length2 + 4 : Length1 + 4),
            QformCode = second ? (short)fields.Int32(344) : fields.Int16(252),
            SformCode = second ? (short)fields.Int32(348) : fields.Int16(254),
            PixelDimensions = fields.Reals(second ? 104 : 76, 8, second),
            Quaternion = fields.Reals(second ? 352 : 256, 6, second),
            Rows = fields.Reals(second ? 400 : 280, 12, second),
            UnitMm = ((second ? fields.Int32(500) : bytes[123]) & 7) switch
            {
                1 => 1000,
                3 => 0.001,
                _ => 1,
            },
        };
    }

    private static (int Version, bool BigEndian) Version(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length >= 4)
        {
            foreach (var bigEndian in (ReadOnlySpan<bool>)[false, true])
            {
                var length = new NiftiFields(bytes, bigEndian).Int32(0);
                if (length is Length1 or Length2)
                    return (length == Length1 ? 1 : 2, bigEndian);
            }
        }

        throw new UserErrorException(bytes.IsEmpty
            ? $"'{path}' is empty or its compression is damaged; copy or download it again."
            : $"'{path}' is no NIfTI file: it does not begin with the header's length, {Length1} or {Length2}; "
              + "check what it is.");
    }

    private static long[] Sizes(NiftiFields fields, bool second, string path)
    {
        var count = second ? fields.Int64(16) : fields.Int16(40);
        if (count is < 2 or > 7)
        {
            throw new UserErrorException(
                $"'{path}' has {count} dimensions by its header; three are expected: make the file anew.");
        }

        var sizes = new long[count];
        for (var i = 0; i < count; i++)
        {
            sizes[i] = second ? fields.Int64(24 + (8 * i)) : fields.Int16(42 + (2 * i));
            // Dimensions past the third are often left at 0 where there is one time point.
            if (sizes[i] == 0 && i > 2)
                sizes[i] = 1;
            if (sizes[i] < 1)
            {
                throw new UserErrorException(
                    $"'{path}' has {sizes[i]} voxels along dimension {i + 1}; at least 1 is expected: make the file anew.");
            }
        }

        return sizes;
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
