using MkdSeg.Phantom.Internals;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Data;

/// <summary>
/// Generates one slice of a synthetic CT, with the neighbours that the networks see: a stack of slices of random thickness
/// through a rotated and scaled body, with tissue intensities drawn by <see cref="ClinicalContrast"/>. Its buffers are reused
/// for every draw.
/// </summary>
internal sealed class SyntheticSlice
{
    private readonly PreprocessingOptions _preprocessing;
    private readonly int _patch;
    private readonly Dictionary<int, float[]> _planes = [];
    private readonly Stack<float[]> _free = [];
    private readonly float[] _noise;
    private readonly byte[] _classOf =
        [.. Enumerable.Range(0, TissueClass.TissueCount).Select(tissue => TissueClass.Of((PhantomTissue)tissue))];

    private static readonly PhantomTissue[] CalcifiedPlaces =
        [PhantomTissue.VesselWall, PhantomTissue.Coronary, PhantomTissue.LeftAtrium, PhantomTissue.AscendingAorta];

    private readonly List<BrightSpot> _spots = [];

    public SyntheticSlice(PreprocessingOptions preprocessing)
    {
        (_preprocessing, _patch) = (preprocessing, preprocessing.PatchSize);
        _noise = new float[_patch * _patch];
    }

    /// <summary>Overwrites image, (C, patch, patch) in [-1, 1], and oneHot, (K, patch, patch).</summary>
    public void Draw(TissueCase item, SeededRandom random, Span<float> image, Span<float> oneHot)
    {
        var pose = new SyntheticPose(item, _preprocessing, random);
        var look = new SyntheticLook(random, _patch);
        var stack = new SliceStack(random);
        AddSpots(item, pose, random);
        var pixels = _patch * _patch;
        var half = _preprocessing.ContextSlices / 2;
        for (var c = 0; c < _preprocessing.ContextSlices; c++)
        {
            var at = Math.Clamp((c - half) * _preprocessing.ContextSpacingMm / stack.SpacingMm, -stack.Below, stack.Above);
            var lower = (int)Math.Floor(at);
            var channel = image.Slice(c * pixels, pixels);
            Plane(lower).CopyTo(channel);
            var fraction = (float)(at - lower);
            if (fraction < 1e-3)
                continue;
            var upper = Plane(lower + 1);
            for (var i = 0; i < pixels; i++)
                channel[i] += fraction * (upper[i] - channel[i]);
        }

        foreach (var plane in _planes.Values)
            _free.Push(plane);
        _planes.Clear();
        _preprocessing.Window.ApplyInPlace(image);
        var field = new FieldOfView(_patch, random);
        for (var i = 0; i < pixels; i++)
        {
            if (field.Holds(i % _patch, i / _patch))
                continue;
            for (var c = 0; c < _preprocessing.ContextSlices; c++)
                image[(c * pixels) + i] = -1;
        }

        Mark(item, pose, field, oneHot);

        float[] Plane(int index)
        {
            if (!_planes.TryGetValue(index, out var plane))
            {
                plane = _free.Count > 0 ? _free.Pop() : new float[pixels];
                Render(item, pose, look, stack, index * stack.SpacingMm, random, plane);
                _planes.Add(index, plane);
            }

            return plane;
        }
    }

    // Renders a slice of the stack: the mean of thin slices (partial volume), blurred by the kernel, with noise and artefacts.
    private void Render(
        TissueCase item, SyntheticPose pose, SyntheticLook look, SliceStack stack, double along, SeededRandom random, float[] plane)
    {
        var voxelMm = item.Tissues.Grid.SpacingMm.Z;
        var count = Math.Max(1, (int)Math.Round(stack.ThicknessMm / voxelMm));
        Array.Clear(plane);
        for (var n = 0; n < count; n++)
            AddThin(item, pose, look, along + ((((n + 0.5) / count) - 0.5) * stack.ThicknessMm), 1f / count, plane);
        foreach (var spot in _spots)
            spot.Draw(plane, _patch, along, stack.ThicknessMm, _preprocessing.InPlaneSpacingMm);
        look.AddArtefacts(plane);
        var size = new GridSize(_patch, _patch, 1);
        GaussianFilter.BlurSlice(plane, size, look.BlurPixels, look.BlurPixels);
        foreach (ref var value in _noise.AsSpan())
            value = (float)random.NextGaussian();
        GaussianFilter.BlurSlice(_noise, size, look.GrainPixels, look.GrainPixels);
        var squares = 0.0;
        foreach (var value in _noise)
            squares += value * value;
        var gain = (float)(look.NoiseHu / Math.Sqrt(squares / _noise.Length));
        for (var i = 0; i < plane.Length; i++)
            plane[i] += gain * _noise[i];
    }

    private void AddThin(TissueCase item, SyntheticPose pose, SyntheticLook look, double along, float share, float[] plane)
    {
        var (size, tissues) = (item.Tissues.Grid.Size, item.Tissues.Voxels);
        var means = look.Tissues.Means;
        var half = (_patch - 1) / 2f;
        for (var y = 0; y < _patch; y++)
        {
            var (px, py, pz) = pose.Voxel(-half, y - half, along);
            for (var x = 0; x < _patch; x++, px += pose.StepX, py += pose.StepY, pz += pose.StepZ)
            {
                var (cx, cy) = (Math.Clamp(px, 0, size.X - 1.001f), Math.Clamp(py, 0, size.Y - 1.001f));
                var cz = (int)(Math.Clamp(pz, 0, size.Z - 1) + 0.5f);
                var (ix, iy) = ((int)cx, (int)cy);
                var (fx, fy) = (cx - ix, cy - iy);
                var at = ix + (size.X * (iy + (size.Y * cz)));
                var (a, b, c, d) = (tissues[at], tissues[at + 1], tissues[at + size.X], tissues[at + size.X + 1]);
                float value;
                if (a == b && a == c && a == d)
                {
                    value = means[a] + look.Unevenness(a, px, py, pz);
                }
                else
                {
                    var upper = means[a] + (fx * (means[b] - means[a]));
                    var lower = means[c] + (fx * (means[d] - means[c]));
                    value = upper + (fy * (lower - upper));
                }

                plane[(y * _patch) + x] += share * value;
            }
        }
    }

    private void Mark(TissueCase item, SyntheticPose pose, FieldOfView field, Span<float> oneHot)
    {
        oneHot.Clear();
        var (size, tissues) = (item.Tissues.Grid.Size, item.Tissues.Voxels);
        var half = (_patch - 1) / 2f;
        for (var i = 0; i < _patch * _patch; i++)
        {
            var (x, y) = (i % _patch, i / _patch);
            var (px, py, pz) = pose.Voxel(x - half, y - half, 0);
            var (ix, iy, iz) = ((int)MathF.Round(px), (int)MathF.Round(py), (int)MathF.Round(pz));
            var inside = field.Holds(x, y) && ix >= 0 && iy >= 0 && iz >= 0 && ix < size.X && iy < size.Y && iz < size.Z;
            var index = inside ? _classOf[tissues[ix + (size.X * (iy + (size.Y * iz)))]] : 0;
            oneHot[(index * _patch * _patch) + i] = 1;
        }
    }

    // Calcium, stents, wires and leads: small and bright, near their locations in patients.
    private void AddSpots(TissueCase item, SyntheticPose pose, SeededRandom random)
    {
        _spots.Clear();
        if (random.NextDouble() < 0.3)
        {
            for (var n = random.NextInt(6) + 1; n > 0; n--)
                Add(CalcifiedPlaces[random.NextInt(CalcifiedPlaces.Length)], random.Uniform(0.7, 3), random.Uniform(150, 1500));
        }

        if (random.NextDouble() < 0.06)
        {
            for (var n = random.NextInt(3) + 1; n > 0; n--)
                Add(PhantomTissue.BoneMarrow, random.Uniform(0.7, 1.8), 3000);
        }

        if (random.NextDouble() < 0.07 && Find(PhantomTissue.SuperiorVenaCava) is { } from)
        {
            foreach (var tissue in (PhantomTissue[])[PhantomTissue.RightAtrium, PhantomTissue.RightVentricle])
            {
                if (Find(tissue) is not { } to)
                    break;
                for (var t = 0.0; t <= 1; t += 0.04)
                    _spots.Add(new(pose.Patch(from + ((to - from) * t)), random.Uniform(1, 1.8), 2600));
                from = to;
            }
        }

        void Add(PhantomTissue tissue, double radiusMm, double hu)
        {
            if (Find(tissue) is { } place)
                _spots.Add(new(pose.Patch(place), radiusMm, hu));
        }

        // Limited attempts are enough: a spot in a tissue that is hard to find can be omitted.
        Vector3D? Find(PhantomTissue tissue)
        {
            var size = item.Tissues.Grid.Size;
            for (var attempt = 0; attempt < 400; attempt++)
            {
                var (x, y, z) = (random.NextInt(size.X), random.NextInt(size.Y), random.NextInt(size.Z));
                if (item.Tissues.Voxels[x + (size.X * (y + (size.Y * z)))] == (byte)tissue)
                    return new Vector3D(x, y, z) * item.Tissues.Grid.SpacingMm.X;
            }

            return null;
        }
    }
}
