using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using MkdSeg.Volumes;

namespace MkdSeg.TestKit;

/// <summary>
/// A small made body in Hounsfield units: air (−1000), an ellipse of water (40) and a bright ball (350) off its centre, which
/// tells left from right and head from foot. Voxels of 1.5 × 1.5 × 2 mm, origin (−20, −15, 100), all LPS.
/// </summary>
public static class Body
{
    public static Grid Grid { get; } = new(new(24, 20, 8), new(1.5, 1.5, 2), new(-20, -15, 100), Direction.Identity);

    public static Volume<float> Volume { get; } = Make();

    /// <summary>The voxels as little-endian 16-bit integers.</summary>
    public static byte[] Bytes => MemoryMarshal.AsBytes(Array.ConvertAll(Volume.Voxels, value => (short)value).AsSpan()).ToArray();

    /// <summary>A CT slice of the body.</summary>
    public static DicomSlice Slice(int z) => new()
    {
        Columns = 24, Rows = 20, Spacing = (1.5, 1.5), Position = [-20, -15, 100 + (2 * z)],
        Value = (x, y) => (short)(Volume[x, y, z] + 1024),
    };

    /// <summary>All slices.</summary>
    public static IEnumerable<DicomSlice> Slices => Enumerable.Range(0, 8).Select(Slice);

    public static byte[] Gzip(byte[] bytes) => Pack(bytes, stream => new GZipStream(stream, CompressionLevel.Fastest));

    public static byte[] Zlib(byte[] bytes) => Pack(bytes, stream => new ZLibStream(stream, CompressionLevel.Fastest));

    /// <summary>A text header with voxels behind it.</summary>
    public static string Write(string path, string header, byte[] voxels)
    {
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(header), .. voxels]);
        return path;
    }

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> packer)
    {
        using var memory = new MemoryStream();
        using (var stream = packer(memory))
            stream.Write(bytes);
        return memory.ToArray();
    }

    private static Volume<float> Make()
    {
        var volume = new Volume<float>(Grid);
        for (var z = 0; z < 8; z++)
        {
            for (var y = 0; y < 20; y++)
            {
                for (var x = 0; x < 24; x++)
                {
                    static double Square(double value) => value * value;
                    var inBody = Square((x - 12) / (24 * .42)) + Square((y - 10) / (20 * .42)) < 1;
                    var inBall = Square((x - 8.4) / 4) + Square((y - 8) / 4.0) + Square((z - 3.2) / 2.5) < 1;
                    volume[x, y, z] = inBall ? 350 : inBody ? 40 : -1000;
                }
            }
        }

        return volume;
    }
}
