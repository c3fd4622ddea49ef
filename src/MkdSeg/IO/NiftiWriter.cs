using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace MkdSeg.IO;

/// <summary>Creates the headers of NIfTI-1 files (.nii), and whole files in memory. Offsets are those of nifti1.h.</summary>
internal static class NiftiWriter
{
    private const int HeaderLength = 348;
    private const int VoxelOffset = HeaderLength + 4;
    private const short UInt8 = 2;
    private const short Int16 = 4;
    private const short Float32 = 16;
    private const short UInt16 = 512;
    private const short ScannerCoordinates = 1;
    private const byte MillimetresAndSeconds = 2 | 8;

    /// <summary>Returns the bytes of a compressed file of bytes or 16-bit integers.</summary>
    public static byte[] Compress<T>(Volume<T> volume, double slope, double intercept)
        where T : unmanaged
    {
        using var content = new MemoryStream();
        using (var packed = new GZipStream(content, CompressionLevel.Optimal, leaveOpen: true))
        {
            packed.Write(Header<T>(volume.Grid, slope, intercept));
            packed.Write(MemoryMarshal.AsBytes<T>(volume.Voxels));
        }

        return content.ToArray();
    }

    /// <summary>Returns the header of a file of bytes, 16-bit integers or 32-bit floats, which the voxels follow.</summary>
    public static byte[] Header<T>(Grid grid, double slope = 1, double intercept = 0)
        where T : unmanaged => Header(grid, TypeOf<T>(), Marshal.SizeOf<T>(), slope, intercept);

    private static short TypeOf<T>() => default(T) switch
    {
        byte => UInt8,
        short => Int16,
        ushort => UInt16,
        float => Float32,
        _ => throw new NotSupportedException($"Writing volumes of {typeof(T).Name} is not supported."),
    };

    private static byte[] Header(Grid grid, short type, int voxelSize, double slope, double intercept)
    {
        var bytes = new byte[VoxelOffset];
        Integer(0, HeaderLength);
        Short(40, 3);
        for (var axis = 0; axis < 7; axis++)
            Short(42 + (2 * axis), axis < 3 ? Size(grid, axis) : (short)1);
        Short(70, type);
        Short(72, (short)(8 * voxelSize));
        for (var axis = 0; axis < 7; axis++)
            Real(80 + (4 * axis), axis < 3 ? grid.SpacingMm[axis] : 1);
        Real(108, VoxelOffset);
        Real(112, slope);
        Real(116, intercept);
        bytes[123] = MillimetresAndSeconds;
        WriteGeometry();
        "n+1\0"u8.CopyTo(bytes.AsSpan(344));
        return bytes;

        void WriteGeometry()
        {
            // NIfTI's axes run to the right and the front, the grid's to the left and the back.
            var origin = new Vector3D(-grid.OriginMm.X, -grid.OriginMm.Y, grid.OriginMm.Z);
            var axes = new Vector3D[3];
            for (var axis = 0; axis < 3; axis++)
            {
                var direction = grid.Direction[axis];
                axes[axis] = new(-direction.X, -direction.Y, direction.Z);
            }

            Short(254, ScannerCoordinates);
            for (var row = 0; row < 3; row++)
            {
                for (var axis = 0; axis < 3; axis++)
                    Real(280 + (16 * row) + (4 * axis), axes[axis][row] * grid.SpacingMm[axis]);
                Real(292 + (16 * row), origin[row]);
            }

            Real(76, 1);
            if (Quaternion.Of(axes) is not { } rotation)
                return;
            // The qform supports only rotations; sheared axes are left to the sform.
            Short(252, ScannerCoordinates);
            Real(76, rotation.Handedness);
            Real(256, rotation.B);
            Real(260, rotation.C);
            Real(264, rotation.D);
            for (var row = 0; row < 3; row++)
                Real(268 + (4 * row), origin[row]);
        }

        void Integer(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        void Short(int offset, short value) => BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset), value);
        void Real(int offset, double value) => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(offset), (float)value);
    }

    private static short Size(Grid grid, int axis) => grid.Size[axis] <= short.MaxValue
        ? (short)grid.Size[axis]
        : throw new UserErrorException(
            $"A volume of {grid.Size} voxels does not fit into NIfTI-1, which allows at most {short.MaxValue} along an axis; "
            + "write .nrrd or .mha.");

    /// <summary>A rotation as in nifti1.h: a unit quaternion whose first component follows from the others, and ±1.</summary>
    private readonly record struct Quaternion(double B, double C, double D, double Handedness)
    {
        private const double OrthogonalityTolerance = 1e-4;

        public static Quaternion? Of(Vector3D[] axes)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                if (Math.Abs(axes[axis].Dot(axes[(axis + 1) % 3])) > OrthogonalityTolerance
                    || Math.Abs(axes[axis].Length - 1) > OrthogonalityTolerance)
                {
                    return null;
                }
            }

            var handedness = axes[0].Dot(axes[1].Cross(axes[2])) < 0 ? -1.0 : 1.0;
            var (x, y, z) = (axes[0], axes[1], axes[2] * handedness);
            // The largest component is found first, from the diagonal; the others follow by division.
            double[] squares =
            [
                1 + x.X + y.Y + z.Z, 1 + x.X - y.Y - z.Z, 1 - x.X + y.Y - z.Z, 1 - x.X - y.Y + z.Z,
            ];
            var greatest = Array.IndexOf(squares, squares.Max());
            var value = Math.Sqrt(squares[greatest]) / 2;
            var scale = 1 / (4 * value);
            var (a, b, c, d) = greatest switch
            {
                0 => (value, (y.Z - z.Y) * scale, (z.X - x.Z) * scale, (x.Y - y.X) * scale),
                1 => ((y.Z - z.Y) * scale, value, (x.Y + y.X) * scale, (z.X + x.Z) * scale),
                2 => ((z.X - x.Z) * scale, (x.Y + y.X) * scale, value, (y.Z + z.Y) * scale),
                _ => ((x.Y - y.X) * scale, (z.X + x.Z) * scale, (y.Z + z.Y) * scale, value),
            };
            return a < 0 ? new(-b, -c, -d, handedness) : new(b, c, d, handedness);
        }
    }
}
