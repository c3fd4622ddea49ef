using System.Buffers.Binary;

namespace MkdSeg.TestKit;

/// <summary>Random damage to a file's bytes, mostly to its head, as a fuzzer makes it.</summary>
public static class Mutation
{
    private static readonly int[] Numbers = [0, 1, -1, 2, 7, 127, 128, 255, 256, 32767, -32768, 65535, 65536, int.MaxValue, int.MinValue];

    /// <summary>The bytes with one to four mutations.</summary>
    /// <param name="whole">An input that can be read; it is not changed.</param>
    /// <param name="headLength">How much of it is header, where most mutations fall.</param>
    /// <param name="random">The source of all choices.</param>
    public static byte[] Of(byte[] whole, int headLength, Random random)
    {
        var bytes = (byte[])whole.Clone();
        for (var i = random.Next(1, 5); i > 0 && bytes.Length > 8; i--)
        {
            var at = random.Next(random.Next(8) > 0 ? Math.Min(headLength, bytes.Length) : bytes.Length);
            var length = Math.Min(random.Next(1, 1 << random.Next(1, 8)), bytes.Length - at);
            switch (random.Next(9))
            {
                case 0:
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.AsSpan(at, length).Fill((byte)(random.Next(3) * 255 / 2));
                    break;
                case 4 when at + 4 <= bytes.Length:
                    var number = Numbers[random.Next(Numbers.Length)];
                    if (random.Next(2) == 0)
                        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), number);
                    else
                        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), (short)number);
                    break;
                case 5:
                    bytes = [.. bytes[..at], .. bytes[(at + length)..]];
                    break;
                case 6:
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
                case 7 when random.Next(4) == 0:
                    bytes = bytes[..at];
                    break;
                case 8 when at + 4 <= bytes.Length:
                    // Digits of text headers, as "9" for "0".
                    bytes[at] = (byte)"0123456789-.,eE \n"[random.Next(17)];
                    break;
            }
        }

        return bytes;
    }
}
