using MkdSeg.Preprocessing;
using MkdSeg.Training.Running;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Data;

/// <summary>
/// Draws slices with their neighbours from coarse volumes and varies them: rotation, scale, shift, truncation at the sides and
/// across the slices as in scans with other fields of view, brightness, noise. The seed determines the sequence.
/// </summary>
internal sealed class LocatorSampler : IBatchSource
{
    private const double EmptyShare = 0.3;
    private const double HeartSliceShare = 0.7;
    private const int SlicesBeyondHeart = 4;
    private const double ShortScanShare = 0.35;
    private const int ShortestReach = 6;
    private const double NarrowFieldShare = 0.5;

    private readonly LocatorCase[][] _withHeart;
    private readonly LocatorCase[] _without;
    private readonly LocatorOptions _options;
    private readonly SeededRandom _random;

    /// <summary>Draws equally often from every group of cases that contains a heart.</summary>
    public LocatorSampler(
        IReadOnlyList<IReadOnlyList<LocatorCase>> groups, LocatorOptions options, SeededRandom random)
    {
        _withHeart =
        [
            .. groups.Select(group => group.Where(item => item.Extent is not null).ToArray())
                .Where(group => group.Length > 0),
        ];
        _without = [.. groups.SelectMany(group => group).Where(item => item.Extent is null)];
        if (_withHeart.Length == 0)
            throw new ArgumentException("No case has a heart.", nameof(groups));
        (_options, _random) = (options, random);
    }

    public int PatchSize => _options.PatchSize;
    public int Channels => _options.Settings.ContextSlices;
    public int ClassCount => 2;

    /// <summary>Slices are drawn at random, so the whole training run is one epoch.</summary>
    public int SlicesPerEpoch => _options.Iterations * _options.BatchSize;

    public void Draw(float[] images, float[] oneHot)
    {
        var pixels = PatchSize * PatchSize;
        var imageLength = pixels * Channels;
        for (var n = 0; n < images.Length / imageLength; n++)
            Draw(images.AsSpan(n * imageLength, imageLength), oneHot.AsSpan(n * 2 * pixels, 2 * pixels), PatchSize);
    }

    public void Save(CheckpointWriter writer) => writer.Write("random", _random.State);

    public void Load(CheckpointReader reader) => _random.State = reader.Read<RandomState>("random");

    private void Draw(Span<float> image, Span<float> oneHot, int patch)
    {
        var item = _without.Length > 0 && _random.NextDouble() < EmptyShare
            ? _without[_random.NextInt(_without.Length)]
            : Any(_withHeart[_random.NextInt(_withHeart.Length)]);
        var size = item.Image.Grid.Size;
        var z = _random.NextInt(size.Z);
        var (centreX, centreY) = ((size.X - 1) / 2.0, (size.Y - 1) / 2.0);
        if (item.Extent is { } heart)
        {
            if (_random.NextDouble() < HeartSliceShare)
            {
                var first = Math.Max(0, heart.First - SlicesBeyondHeart);
                z = first + _random.NextInt(Math.Min(size.Z - 1, heart.Last + SlicesBeyondHeart) - first + 1);
            }

            if (_random.NextDouble() < 0.5)
                (centreX, centreY) = (heart.X, heart.Y);
        }

        var map = new Placement(_random, centreX, centreY, patch);
        var field = _random.NextDouble() < NarrowFieldShare ? new Field(_random, patch) : Field.Everything;
        // There are no slices beyond the scan's first and last; the scan may end right here.
        var (low, high) = (0, size.Z - 1);
        if (_random.NextDouble() < ShortScanShare)
        {
            low = Math.Max(0, z - _random.NextInt(ShortestReach));
            high = Math.Min(size.Z - 1, z + _random.NextInt(ShortestReach));
        }

        var (gain, offset) = ((float)_random.Uniform(0.85, 1.15), (float)_random.Uniform(-0.1, 0.1));
        var noise = (float)_random.Uniform(0, 0.06);
        var pixels = patch * patch;
        for (var c = 0; c < Channels; c++)
        {
            var from = low + CoarseVolume.Neighbour(z - low, c, high - low + 1, _options.Settings);
            Sample(item.Image, from, map, field, image.Slice(c * pixels, pixels), patch);
        }

        foreach (ref var value in image)
        {
            if (value > -1)
                value = Math.Clamp((gain * value) + offset + (noise * (float)_random.NextGaussian()), -1, 1);
        }

        Mark(item.Heart, z, map, field, oneHot, patch);
    }

    private LocatorCase Any(LocatorCase[] cases) => cases[_random.NextInt(cases.Length)];

    private static void Sample(
        Volume<float> volume, int z, Placement map, Field field, Span<float> result, int patch)
    {
        var size = volume.Grid.Size;
        ReadOnlySpan<float> slice = volume.Slice(z);
        for (var y = 0; y < patch; y++)
        {
            for (var x = 0; x < patch; x++)
            {
                var (sx, sy) = map.At(x, y);
                int x0 = (int)MathF.Floor(sx), y0 = (int)MathF.Floor(sy);
                if (x0 < 0 || y0 < 0 || x0 >= size.X - 1 || y0 >= size.Y - 1 || !field.Holds(x, y))
                {
                    result[(y * patch) + x] = -1;
                    continue;
                }

                var (fx, fy, at) = (sx - x0, sy - y0, (y0 * size.X) + x0);
                var upper = slice[at] + (fx * (slice[at + 1] - slice[at]));
                var lower = slice[at + size.X] + (fx * (slice[at + size.X + 1] - slice[at + size.X]));
                result[(y * patch) + x] = upper + (fy * (lower - upper));
            }
        }
    }

    private static void Mark(
        Volume<byte> heart, int z, Placement map, Field field, Span<float> oneHot, int patch)
    {
        var size = heart.Grid.Size;
        ReadOnlySpan<byte> slice = heart.Slice(z);
        for (var y = 0; y < patch; y++)
        {
            for (var x = 0; x < patch; x++)
            {
                var (sx, sy) = map.At(x, y);
                int nearestX = (int)MathF.Round(sx), nearestY = (int)MathF.Round(sy);
                var isHeart = nearestX >= 0 && nearestY >= 0 && nearestX < size.X && nearestY < size.Y
                    && field.Holds(x, y) && slice[(nearestY * size.X) + nearestX] != 0;
                oneHot[(y * patch) + x] = isHeart ? 0 : 1;
                oneHot[(patch * patch) + (y * patch) + x] = isHeart ? 1 : 0;
            }
        }
    }

    /// <summary>Maps a pixel of the image to its position in the volume.</summary>
    private readonly struct Placement
    {
        private readonly float _xx;
        private readonly float _xy;
        private readonly float _yx;
        private readonly float _yy;
        private readonly float _x;
        private readonly float _y;

        public Placement(SeededRandom random, double centreX, double centreY, int patch)
        {
            var (sin, cos) = Math.SinCos(random.Uniform(-12, 12) * Math.PI / 180);
            var scale = Math.Exp(random.Uniform(-0.2, 0.2));
            var stretch = Math.Exp(random.Uniform(-0.08, 0.08));
            (_xx, _xy) = ((float)(cos * scale * stretch), (float)(-sin * scale / stretch));
            (_yx, _yy) = ((float)(sin * scale * stretch), (float)(cos * scale / stretch));
            // The centre of the scan may be anywhere in the middle half of the image.
            var (middleX, middleY) = ((patch - 1) * random.Uniform(0.25, 0.75), (patch - 1) * random.Uniform(0.25, 0.75));
            _x = (float)(centreX - (_xx * middleX) - (_xy * middleY));
            _y = (float)(centreY - (_yx * middleX) - (_yy * middleY));
        }

        public (float X, float Y) At(int x, int y) => (_x + (_xx * x) + (_xy * y), _y + (_yx * x) + (_yy * y));
    }

    /// <summary>A scanner's field of view: a rectangle or the disc inscribed in it.</summary>
    private readonly struct Field
    {
        private readonly double _x;
        private readonly double _y;
        private readonly double _halfX;
        private readonly double _halfY;
        private readonly bool _round;

        public Field(SeededRandom random, int patch)
        {
            (_x, _y) = (patch * random.Uniform(0.3, 0.7), patch * random.Uniform(0.3, 0.7));
            (_halfX, _halfY) = (patch * random.Uniform(0.15, 0.5), patch * random.Uniform(0.15, 0.5));
            _round = random.NextDouble() < 0.3;
        }

        private Field(double half) => (_halfX, _halfY) = (half, half);

        public static Field Everything { get; } = new(double.PositiveInfinity);

        public bool Holds(int x, int y)
        {
            var (u, v) = ((x - _x) / _halfX, (y - _y) / _halfY);
            return _round ? (u * u) + (v * v) <= 1 : Math.Abs(u) <= 1 && Math.Abs(v) <= 1;
        }
    }
}

/// <summary>A volume as the locator sees it: coarse intensities in [-1, 1], and 1 for heart voxels.</summary>
internal sealed record LocatorCase(Volume<float> Image, Volume<byte> Heart)
{
    /// <summary>The heart's first and last slice and its centre, in voxels; null if there is no heart.</summary>
    public (int First, int Last, double X, double Y)? Extent { get; } = Measure(Heart);

    /// <summary>Creates a case from intensities and class indices on one grid; every labelled voxel is heart.</summary>
    public static LocatorCase Of(Volume<float> image, Volume<byte> classes, LocatorSettings settings) =>
        new(CoarseVolume.Make(image, settings), CoarseVolume.MakeMask(classes, settings));

    private static (int First, int Last, double X, double Y)? Measure(Volume<byte> heart)
    {
        if (HeartBox.FromClasses(heart) is not { } box)
            return null;
        var (min, max) = box.IndexRange(heart.Grid);
        return (
            (int)Math.Ceiling(min.Z), (int)Math.Floor(max.Z), (min.X + max.X) / 2, (min.Y + max.Y) / 2);
    }
}
