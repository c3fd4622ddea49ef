using System.Buffers.Binary;

namespace MkdSeg.IO;

/// <summary>The numbers of a NIfTI header by their offsets, in either byte order.</summary>
internal readonly ref struct NiftiFields(ReadOnlySpan<byte> bytes, bool bigEndian)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    public short Int16(int at) => bigEndian
        ? BinaryPrimitives.ReadInt16BigEndian(bytes[at..])
        : BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]);

    public int Int32(int at) => bigEndian
        ? BinaryPrimitives.ReadInt32BigEndian(bytes[at..])
        : BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    public long Int64(int at) => bigEndian
        ? BinaryPrimitives.ReadInt64BigEndian(bytes[at..])
        : BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    public double Single(int at) => bigEndian
        ? BinaryPrimitives.ReadSingleBigEndian(bytes[at..])
        : BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]);

    public double Double(int at) => bigEndian
        ? BinaryPrimitives.ReadDoubleBigEndian(bytes[at..])
        : BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]);

    /// <summary>Real numbers that follow each other: 32 bits wide in version 1, 64 in version 2.</summary>
    public double[] Reals(int at, int count, bool wide)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = wide ? Double(at + (8 * i)) : Single(at + (4 * i));
        return values;
    }
}
