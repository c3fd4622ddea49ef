using System.Text.Json;
using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics;

/// <summary>Masks and expected values of <c>surface_reference.py</c>; its first lines say how it is run.</summary>
internal sealed record SurfaceReference(double[] AreasMm2, SurfaceScores[] Scores)
{
    public const double ToleranceMm = 1.5;

    public static Grid Grid { get; } = new(new(44, 40, 18), new(0.7, 0.9, 2.5), default, Direction.Identity);

    public static SurfaceReference Load()
    {
        using var stream = typeof(SurfaceReference).Assembly.GetManifestResourceStream("surface_reference.json")!;
        return JsonSerializer.Deserialize<SurfaceReference>(stream)!;
    }

    public static (Volume<byte> Predicted, Volume<byte> Reference) Masks()
    {
        var (predicted, reference) = (new Volume<byte>(Grid), new Volume<byte>(Grid));
        for (var z = 0; z < Grid.Size.Z; z++)
        {
            for (var y = 0; y < Grid.Size.Y; y++)
            {
                for (var x = 0; x < Grid.Size.X; x++)
                {
                    var noise = (x * 73856093L ^ y * 19349663L ^ z * 83492791L) & 1023;
                    reference[x, y, z] = (byte)(x < 5 && y > 30 && z < 4 ? 3
                        : Ball(30, 22, 9, 500) ? 2
                        : Ball(16, 18, 8, 900) ? 1 : 0);
                    predicted[x, y, z] = (byte)((x < 7 && y > 32 && z < 3) || (x, y, z) == (40, 3, 15) ? 3
                        : Ball(31, 24, 9, 520) && noise > 60 ? 2
                        : Ball(18, 17, 9, 800) ? 1 : 0);

                    bool Ball(int cx, int cy, int cz, int radius) =>
                        (4 * (x - cx) * (x - cx)) + (5 * (y - cy) * (y - cy)) + (30 * (z - cz) * (z - cz)) < radius;
                }
            }
        }

        return (predicted, reference);
    }
}
