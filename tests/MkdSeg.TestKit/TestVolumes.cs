using MkdSeg.Volumes;

namespace MkdSeg.TestKit;

/// <summary>A "heart": a ball of 400 HU in a ball of 0 HU, surrounded by -900 HU, away from the volume's centre.</summary>
public static class TestVolumes
{
    public static readonly Vector3D HeartMm = new(12, -8, 5);
    public const double ShellRadiusMm = 28;
    public const double CoreRadiusMm = 16;

    /// <summary>A grid around the LPS origin.</summary>
    public static Grid Grid(
        GridSize? size = null, Vector3D? spacingMm = null, Direction? direction = null, Vector3D centreMm = default)
    {
        var (voxels, spacing) = (size ?? new(60, 56, 24), spacingMm ?? new(2, 2, 4));
        var axes = direction ?? Direction.Identity;
        var half = new Vector3D(
            (voxels.X - 1) / 2.0 * spacing.X, (voxels.Y - 1) / 2.0 * spacing.Y, (voxels.Z - 1) / 2.0 * spacing.Z);
        var origin = centreMm - (axes.AxisX * half.X) - (axes.AxisY * half.Y) - (axes.AxisZ * half.Z);
        return new(voxels, spacing, origin, axes);
    }

    /// <summary>Voxel axes to the patient's right, front and feet.</summary>
    public static Direction Flipped { get; } = new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, -1));

    /// <summary>Sagittal slices: voxel axes to the back, the feet and the left.</summary>
    public static Direction Sagittal { get; } = new(new(0, 1, 0), new(0, 0, -1), new(1, 0, 0));

    /// <summary>Transverse slices, tilted by 12 degrees about x and turned by 7 degrees about z.</summary>
    public static Direction Oblique { get; } = Turned(12, 7);

    public static Volume<float> Image(Grid grid) =>
        Fill<float>(grid, distance => distance < CoreRadiusMm ? 400 : distance < ShellRadiusMm ? 0 : -900);

    public static Volume<byte> Classes(Grid grid) =>
        Fill<byte>(grid, distance => distance < CoreRadiusMm ? (byte)2 : distance < ShellRadiusMm ? (byte)1 : (byte)0);

    /// <summary>Values in [-1, 1] that vary from voxel to voxel.</summary>
    public static Volume<float> Noise(Grid grid, int seed = 1)
    {
        var random = new Random(seed);
        var volume = new Volume<float>(grid);
        foreach (ref var value in volume.Voxels.AsSpan())
            value = (random.NextSingle() * 2) - 1;
        return volume;
    }

    private static Volume<T> Fill<T>(Grid grid, Func<double, T> valueAtDistance)
        where T : unmanaged
    {
        var volume = new Volume<T>(grid);
        for (var z = 0; z < grid.Size.Z; z++)
        {
            for (var y = 0; y < grid.Size.Y; y++)
            {
                for (var x = 0; x < grid.Size.X; x++)
                    volume[x, y, z] = valueAtDistance((grid.ToPoint(new(x, y, z)) - HeartMm).Length);
            }
        }

        return volume;
    }

    private static Direction Turned(double tiltDegrees, double turnDegrees)
    {
        var (sinA, cosA) = Math.SinCos(tiltDegrees * Math.PI / 180);
        var (sinB, cosB) = Math.SinCos(turnDegrees * Math.PI / 180);
        return new(new(cosB, sinB, 0), new(-sinB * cosA, cosB * cosA, sinA), new(sinB * sinA, -cosB * sinA, cosA));
    }
}
