using MkdSeg.Phantom.Internals;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Data;

/// <summary>The random pose of a body in a scan: shifted, rotated, tilted, scaled and stretched.</summary>
internal sealed class SyntheticPose
{
    private const double MarginAlongMm = 12;
    private const double ShiftMm = 14;
    private const double TurnDegrees = 18;
    private const double TiltDegrees = 11;
    private const double SmallestHeart = 0.8;
    private const double LargestHeart = 1.28;
    private const double Stretch = 0.08;

    private readonly Vector3D _centreMm;
    private readonly Vector3D _axisX;
    private readonly Vector3D _axisY;
    private readonly Vector3D _axisZ;
    private readonly double _voxelMm;
    private readonly double _pixelMm;

    public SyntheticPose(TissueCase item, PreprocessingOptions preprocessing, SeededRandom random)
    {
        (_voxelMm, _pixelMm) = (item.Tissues.Grid.SpacingMm.X, preprocessing.InPlaneSpacingMm);
        var (centre, half) = item.Extent;
        var scale = Math.Exp(-random.Uniform(Math.Log(SmallestHeart), Math.Log(LargestHeart)));
        var stretch = Math.Exp(random.Uniform(-Stretch, Stretch));
        var (turn, tiltX, tiltY) = (Angle(TurnDegrees), Angle(TiltDegrees), Angle(TiltDegrees));
        _axisX = Rotate(new(1, 0, 0)) * (scale * stretch);
        _axisY = Rotate(new(0, 1, 0)) * (scale / stretch);
        _axisZ = Rotate(new(0, 0, 1)) * scale;
        var reach = half.Z + MarginAlongMm;
        _centreMm = centre + new Vector3D(
            random.Uniform(-ShiftMm, ShiftMm), random.Uniform(-ShiftMm, ShiftMm), random.Uniform(-reach, reach));
        var step = _axisX * (_pixelMm / _voxelMm);
        (StepX, StepY, StepZ) = ((float)step.X, (float)step.Y, (float)step.Z);

        double Angle(double degrees) => random.Uniform(-degrees, degrees) * Math.PI / 180;

        Vector3D Rotate(Vector3D v)
        {
            var (s, c) = Math.SinCos(turn);
            v = new((c * v.X) - (s * v.Y), (s * v.X) + (c * v.Y), v.Z);
            (s, c) = Math.SinCos(tiltX);
            v = new(v.X, (c * v.Y) - (s * v.Z), (s * v.Y) + (c * v.Z));
            (s, c) = Math.SinCos(tiltY);
            return new((c * v.X) + (s * v.Z), v.Y, (c * v.Z) - (s * v.X));
        }
    }

    /// <summary>The step from one pixel of a row to the next, in voxels.</summary>
    public float StepX { get; }

    /// <inheritdoc cref="StepX"/>
    public float StepY { get; }

    /// <inheritdoc cref="StepX"/>
    public float StepZ { get; }

    /// <summary>Returns the voxel position for pixels from the patch's centre and millimetres from its slice.</summary>
    public (float X, float Y, float Z) Voxel(float x, float y, double along)
    {
        var p = (_centreMm + (_axisX * (x * _pixelMm)) + (_axisY * (y * _pixelMm)) + (_axisZ * along)) * (1 / _voxelMm);
        return ((float)p.X, (float)p.Y, (float)p.Z);
    }

    /// <summary>Converts a point in mm from the map's first voxel to mm from the patch's centre and its slice.</summary>
    public Vector3D Patch(Vector3D pointMm)
    {
        var p = pointMm - _centreMm;
        // The axes are orthogonal.
        return new(p.Dot(_axisX) / _axisX.Dot(_axisX), p.Dot(_axisY) / _axisY.Dot(_axisY), p.Dot(_axisZ) / _axisZ.Dot(_axisZ));
    }
}

/// <summary>The slices of a random scan: thin to thick, contiguous or overlapping; sometimes the scan ends close by.</summary>
internal sealed class SliceStack
{
    public SliceStack(SeededRandom random)
    {
        SpacingMm = random.NextDouble() switch
        {
            < 0.45 => random.Uniform(0.5, 2),
            < 0.8 => random.Uniform(2, 5),
            _ => random.Uniform(5, 8),
        };
        ThicknessMm = Math.Max(0.6, SpacingMm * random.Uniform(0.9, 1.6));
        (Below, Above) = (End(), End());

        int End() => random.NextDouble() < 0.12 ? random.NextInt(3) : int.MaxValue;
    }

    public double SpacingMm { get; }
    public double ThicknessMm { get; }

    /// <summary>Number of slices below the labelled one.</summary>
    public int Below { get; }

    /// <summary>Number of slices above the labelled one.</summary>
    public int Above { get; }
}

/// <summary>A body's appearance due to contrast agent, scanner and reconstruction.</summary>
internal sealed class SyntheticLook
{
    private const int Rays = 96;
    private const int Clusters = 3;
    private const float FineCellsPerVoxel = 1.3f;
    private const float CoarseCellsPerVoxel = 0.35f;
    private const float ClusterCellsPerVoxel = 0.12f;

    // Inhomogeneous background tissues, and by how many HU they may vary.
    private static readonly (PhantomTissue Tissue, double Hu)[] Uneven =
    [
        (PhantomTissue.Lung, 60), (PhantomTissue.Fat, 12), (PhantomTissue.Muscle, 22), (PhantomTissue.BoneMarrow, 70),
        (PhantomTissue.Liver, 20), (PhantomTissue.Spleen, 20), (PhantomTissue.Oesophagus, 40), (PhantomTissue.Fluid, 15),
        (PhantomTissue.StomachContent, 60), (PhantomTissue.Consolidation, 40), (PhantomTissue.PleuralEffusion, 12),
    ];

    private readonly int _patch;
    private readonly float _shift;
    private readonly float[]? _clusters;
    private readonly float[]? _rays;
    private readonly (double X, double Y, double Slope, double Cup) _artefact;

    public SyntheticLook(SeededRandom random, int patch)
    {
        _patch = patch;
        Tissues = ClinicalContrast.Draw(random);
        _shift = random.NextSingle() * 64;
        NoiseHu = Math.Exp(random.Uniform(Math.Log(3), Math.Log(45)));
        BlurPixels = random.Uniform(0.3, 1);
        GrainPixels = random.Uniform(0, 1.1);
        if (random.NextDouble() < 0.5)
        {
            _clusters = new float[TissueClass.TissueCount * Clusters];
            foreach (var (tissue, hu) in Uneven)
            {
                for (var i = 0; i < Clusters; i++)
                    _clusters[((int)tissue * Clusters) + i] = (float)random.Uniform(-hu, hu);
            }
        }

        if (random.NextDouble() < 0.2)
        {
            _rays = new float[Rays];
            var hu = random.Uniform(20, 160);
            foreach (ref var ray in _rays.AsSpan())
                ray = (float)(hu * random.NextGaussian());
        }

        var uneven = random.NextDouble() < 0.3;
        _artefact = (
            random.Uniform(0.1, 0.9) * patch, random.Uniform(0.1, 0.9) * patch,
            uneven ? random.Uniform(-20, 20) : 0, uneven ? random.Uniform(-30, 30) : 0);
    }

    public TissueIntensities Tissues { get; }
    public double NoiseHu { get; }
    public double BlurPixels { get; }
    public double GrainPixels { get; }

    /// <summary>Returns a tissue's deviation from its mean at a position in voxels, HU.</summary>
    public float Unevenness(byte tissue, float x, float y, float z)
    {
        var value = 0f;
        if (Tissues.Textures[tissue] is not 0 and var texture)
            value += texture * Grain(FineCellsPerVoxel);
        if (Tissues.Mottles[tissue] is not 0 and var mottle)
            value += mottle * Grain(CoarseCellsPerVoxel);
        if (_clusters is not null)
        {
            var grain = Grain(ClusterCellsPerVoxel);
            value += _clusters[(tissue * Clusters) + (grain < -0.12f ? 0 : grain < 0.12f ? 1 : 2)];
        }

        return value;

        float Grain(float cells) => GrainTable.At((x * cells) + _shift, (y * cells) + (2 * _shift), (z * cells) + (3 * _shift));
    }

    /// <summary>Adds streaks around a bright object, a slope and cupping to a slice in HU.</summary>
    public void AddArtefacts(float[] plane)
    {
        var (x0, y0, slope, cup) = _artefact;
        if (_rays is null && slope == 0)
            return;
        for (var i = 0; i < plane.Length; i++)
        {
            var (dx, dy) = ((i % _patch) - x0, (i / _patch) - y0);
            var r = Math.Sqrt((dx * dx) + (dy * dy)) / _patch;
            plane[i] += (float)((slope * dx / _patch) + (cup * r * r));
            if (_rays is not null)
                plane[i] += _rays[(int)((Math.Atan2(dy, dx) + Math.PI) / (2 * Math.PI) * (Rays - 0.01))] * (float)Math.Exp(-6 * r);
        }
    }
}

/// <summary>The disc that a random scan reconstructs, usually the whole patch.</summary>
internal readonly struct FieldOfView
{
    private readonly double _x;
    private readonly double _y;
    private readonly double _square;

    public FieldOfView(int patch, SeededRandom random)
    {
        var radius = random.NextDouble() < 0.18 ? patch * random.Uniform(0.38, 0.7) : 2.0 * patch;
        (_x, _y) = (patch * random.Uniform(0.42, 0.58), patch * random.Uniform(0.42, 0.58));
        _square = radius * radius;
    }

    public bool Holds(int x, int y) => ((x - _x) * (x - _x)) + ((y - _y) * (y - _y)) <= _square;
}

/// <summary>A small bright object, calcium or metal, at a position relative to the patch's centre and its slice, mm.</summary>
internal readonly record struct BrightSpot(Vector3D Place, double RadiusMm, double Hu)
{
    /// <summary>Draws its part in a slice at a position along the stack.</summary>
    public void Draw(float[] plane, int patch, double along, double thicknessMm, double pixelMm)
    {
        var (x, y) = ((Place.X / pixelMm) + ((patch - 1) / 2.0), (Place.Y / pixelMm) + ((patch - 1) / 2.0));
        var covered = Math.Min(Place.Z + RadiusMm, along + (thicknessMm / 2)) - Math.Max(Place.Z - RadiusMm, along - (thicknessMm / 2));
        if (covered <= 0)
            return;
        var share = Math.Min(1, covered / thicknessMm);
        var reach = RadiusMm / pixelMm;
        for (var v = Math.Max(0, (int)(y - reach - 1)); v <= Math.Min(patch - 1, (int)(y + reach + 1)); v++)
        {
            for (var u = Math.Max(0, (int)(x - reach - 1)); u <= Math.Min(patch - 1, (int)(x + reach + 1)); u++)
            {
                var distance = Math.Sqrt(((u - x) * (u - x)) + ((v - y) * (v - y)));
                var inside = Math.Clamp(reach - distance + 0.5, 0, 1) * share;
                plane[(v * patch) + u] += (float)(inside * (Hu - plane[(v * patch) + u]));
            }
        }
    }
}
