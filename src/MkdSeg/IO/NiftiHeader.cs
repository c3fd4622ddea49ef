using System.Numerics;
using System.Text;

namespace MkdSeg.IO;

/// <summary>
/// The header of a NIfTI file, version 1 or 2, in either byte order. Offsets and type codes are those of nifti1.h and nifti2.h.
/// Each dimension is at least 1; PixelDimensions are qfac and the spacings, Quaternion is b, c, d and the offset, Rows the
/// sform's three rows of four. Without HasVoxels, the voxels are in a separate file.
/// </summary>
internal sealed record NiftiHeader(
    bool BigEndian, bool HasVoxels, long[] Dimensions, VoxelType Type, int Components, double Slope, double Intercept,
    long VoxelOffset, short QformCode, short SformCode, double[] PixelDimensions, double[] Quaternion, double[] Rows,
    double UnitMm)
{
    private const int Length1 = 348;
    public const int Length2 = 540;

    /// <summary>Parses the first bytes of a file.</summary>
    public static NiftiHeader Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var (second, bigEndian) = Version(bytes, path);
        if (bytes.Length < (second ? Length2 : Length1))
        {
            throw new UserErrorException(
                $"'{path}' ends after {bytes.Length} bytes, within its header; copy or download it again.");
        }

        var magic = Encoding.ASCII.GetString(second ? bytes.Slice(4, 3) : bytes.Slice(344, 3));
        var isPair = magic is "ni1" or "ni2";
        if (!isPair && magic is not ("n+1" or "n+2"))
        {
            throw new UserErrorException(NiftiFile.HasSingleName(path) && magic[0] != '\0'
                ? $"'{path}' is not a NIfTI file: its magic string is '{Printable(magic)}'; 'n+1', 'n+2', 'ni1' or 'ni2' is "
                  + "expected: check what it is."
                : $"'{path}' is in Analyze 7.5 format, which does not state which side is left; convert the original images to "
                  + "NIfTI.");
        }

        var fields = new Fields(bytes, bigEndian, second);
        var slope = fields.Real(112, 176);
        var intercept = fields.Real(116, 184);
        // nifti1.h: a slope of 0 means that values are not scaled.
        var scaled = slope != 0 && double.IsFinite(slope);
        if (scaled && !double.IsFinite(intercept))
        {
            throw new UserErrorException(
                $"'{path}' has the scaling intercept {intercept}; a finite number is expected: regenerate the file.");
        }

        var offset = second ? fields.Int64(168) : (long)Math.Clamp(fields.Real(108, 0), 0, long.MaxValue / 2);
        var (type, components) = TypeOf(fields.Int16(second ? 12 : 70), path);
        return new(
            bigEndian,
            HasVoxels: !isPair,
            Sizes(fields, second, path),
            type,
            components,
            scaled ? slope : 1,
            scaled ? intercept : 0,
            Math.Max(offset, isPair ? 0 : second ? Length2 + 4 : Length1 + 4),
            QformCode: second ? (short)fields.Int32(344) : fields.Int16(252),
            SformCode: second ? (short)fields.Int32(348) : fields.Int16(254),
            PixelDimensions: fields.Reals(76, 104, 8),
            Quaternion: fields.Reals(256, 352, 6),
            Rows: fields.Reals(280, 400, 12),
            UnitMm: ((second ? fields.Int32(500) : bytes[123]) & 7) switch
            {
                1 => 1000,
                3 => 0.001,
                _ => 1,
            });
    }

    private static (bool Second, bool BigEndian) Version(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length >= 4)
        {
            foreach (var bigEndian in (ReadOnlySpan<bool>)[false, true])
            {
                var length = new Fields(bytes, bigEndian, false).Int32(0);
                if (length is Length1 or Length2)
                    return (length == Length2, bigEndian);
            }
        }

        throw new UserErrorException(bytes.IsEmpty
            ? $"'{path}' is empty or its compression is damaged; copy or download it again."
            : $"'{path}' is not a NIfTI file: it does not begin with the header's length, {Length1} or {Length2}; "
              + "check what it is.");
    }

    private static (VoxelType Type, int Components) TypeOf(int code, string path) => code switch
    {
        2 => (VoxelType.UInt8, 1),
        4 => (VoxelType.Int16, 1),
        8 => (VoxelType.Int32, 1),
        16 => (VoxelType.Float32, 1),
        64 => (VoxelType.Float64, 1),
        128 => (VoxelType.UInt8, 3),
        256 => (VoxelType.Int8, 1),
        512 => (VoxelType.UInt16, 1),
        768 => (VoxelType.UInt32, 1),
        1024 => (VoxelType.Int64, 1),
        1280 => (VoxelType.UInt64, 1),
        2304 => (VoxelType.UInt8, 4),
        _ => throw new UserErrorException(
            $"'{path}' stores its voxels as NIfTI type {code}; 8- to 64-bit integers and 32- or 64-bit floats are "
            + "supported: convert it."),
    };

    private static long[] Sizes(Fields fields, bool second, string path)
    {
        var count = second ? fields.Int64(16) : fields.Int16(40);
        if (count is < 2 or > 7)
        {
            throw new UserErrorException(
                $"'{path}' has {count} dimensions according to its header; three are expected: regenerate the file.");
        }

        var sizes = new long[count];
        for (var i = 0; i < count; i++)
        {
            sizes[i] = second ? fields.Int64(24 + (8 * i)) : fields.Int16(42 + (2 * i));
            // Dimensions beyond the third are often left at 0 if there is one time point.
            if (sizes[i] == 0 && i > 2)
                sizes[i] = 1;
            if (sizes[i] < 1)
            {
                throw new UserErrorException(
                    $"'{path}' has {sizes[i]} voxels along dimension {i + 1}; at least 1 is expected: regenerate the file.");
            }
        }

        return sizes;
    }

    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>Reads numbers by their offsets, in either byte order.</summary>
    private readonly ref struct Fields(ReadOnlySpan<byte> bytes, bool bigEndian, bool second)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public short Int16(int at) => Integer<short>(_bytes.Slice(at, sizeof(short)));

        public int Int32(int at) => Integer<int>(_bytes.Slice(at, sizeof(int)));

        public long Int64(int at) => Integer<long>(_bytes.Slice(at, sizeof(long)));

        /// <summary>A real number: 32 bits wide in version 1, 64 in version 2.</summary>
        public double Real(int at1, int at2) => second
            ? BitConverter.Int64BitsToDouble(Int64(at2))
            : BitConverter.Int32BitsToSingle(Int32(at1));

        public double[] Reals(int at1, int at2, int count)
        {
            var values = new double[count];
            for (var i = 0; i < count; i++)
                values[i] = Real(at1 + (4 * i), at2 + (8 * i));
            return values;
        }

        private T Integer<T>(ReadOnlySpan<byte> stored)
            where T : IBinaryInteger<T> =>
            bigEndian ? T.ReadBigEndian(stored, isUnsigned: false) : T.ReadLittleEndian(stored, isUnsigned: false);
    }
}
