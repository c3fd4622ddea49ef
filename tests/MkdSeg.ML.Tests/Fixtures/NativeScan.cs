using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Fixtures;

/// <summary>A contrast-enhanced CT as it would be without contrast agent: blood and myocardium alike.</summary>
internal static class NativeScan
{
    private const float BloodHu = 45;
    private const float NoiseHu = 15;
    private const float BrightHu = 130;
    private const int GrowthVoxels = 20;
    private const int RimVoxels = 2;

    /// <summary>
    /// Sets the labelled heart and all bright blood connected with it to 45 HU with noise of 15 HU: cava, pulmonary veins,
    /// branches of the pulmonary arteries up to 20 voxels away, and 2 voxels around, where edges are blurred.
    /// </summary>
    /// <param name="image">Contrast-enhanced CT, HU.</param>
    /// <param name="isBlood">Heart and aorta, on the image's grid.</param>
    public static Volume<float> Of(Volume<float> image, Func<int, bool> isBlood)
    {
        var size = image.Grid.Size;
        int[] steps = [1, -1, size.X, -size.X, size.SliceLength, -size.SliceLength];
        var native = new bool[image.Voxels.Length];
        var edge = Enumerable.Range(0, native.Length).Where(isBlood).ToList();
        edge.ForEach(at => native[at] = true);
        for (var n = 0; n < GrowthVoxels; n++)
            edge = Grow(edge, at => MeanAround(at) > BrightHu);
        edge = [.. Enumerable.Range(0, native.Length).Where(at => native[at])];
        for (var n = 0; n < RimVoxels; n++)
            edge = Grow(edge, _ => true);

        var random = new SeededRandom(1);
        var result = new Volume<float>(image.Grid, [.. image.Voxels]);
        for (var at = 0; at < native.Length; at++)
        {
            if (native[at] && image.Voxels[at] > BloodHu)
                result.Voxels[at] = BloodHu + (NoiseHu * (float)random.NextGaussian());
        }

        return result;

        List<int> Grow(List<int> from, Func<int, bool> takes)
        {
            var grown = new List<int>();
            foreach (var at in from.SelectMany(at => steps.Select(step => at + step)))
            {
                if (at < size.SliceLength || at >= native.Length - size.SliceLength || native[at] || !takes(at))
                    continue;
                native[at] = true;
                grown.Add(at);
            }

            return grown;
        }

        float MeanAround(int at)
        {
            var sum = image.Voxels[at];
            foreach (var step in steps)
            {
                var next = at + step;
                sum += next >= 0 && next < native.Length ? image.Voxels[next] : image.Voxels[at];
            }

            return sum / (steps.Length + 1);
        }
    }
}
