using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Fixtures;

/// <summary>A contrast-enhanced CT as it would be without contrast agent: blood and myocardium alike.</summary>
internal static class NativeScan
{
    private const float NativeHu = 45;
    private const float NoiseHu = 15;
    private const float FatHu = -80;
    private const float BrightHu = 130;
    private const int GrowthVoxels = 20;
    private const int RimVoxels = 2;

    /// <summary>
    /// Sets the labelled heart and all bright blood connected with it, up to 20 voxels away, to 45 HU with noise of 15 HU. In the 2
    /// voxels around, which contrast agent brightens by partial volume, what was a mixture of fat and enhanced tissue becomes one
    /// of fat and 45 HU.
    /// </summary>
    /// <param name="image">Contrast-enhanced CT, HU.</param>
    /// <param name="isHeart">Heart and aorta, voxels of the image.</param>
    public static Volume<float> Of(Volume<float> image, Func<int, bool> isHeart)
    {
        var size = image.Grid.Size;
        int[] steps = [1, -1, size.X, -size.X, size.SliceLength, -size.SliceLength];
        var mean = new float[image.Voxels.Length];
        for (var at = size.SliceLength; at < mean.Length - size.SliceLength; at++)
            mean[at] = (image.Voxels[at] + steps.Sum(step => image.Voxels[at + step])) / (steps.Length + 1);
        var isCore = new bool[mean.Length];
        var edge = Enumerable.Range(0, mean.Length).Where(isHeart).ToList();
        edge.ForEach(at => isCore[at] = true);
        for (var n = 0; n < GrowthVoxels; n++)
            edge = Grow(edge, isCore, at => mean[at] > BrightHu);

        var random = new SeededRandom(1);
        var result = new Volume<float>(image.Grid, [.. image.Voxels]);
        edge.Clear();
        for (var at = 0; at < isCore.Length; at++)
        {
            if (!isCore[at])
                continue;
            edge.Add(at);
            if (image.Voxels[at] > NativeHu)
                result.Voxels[at] = NativeHu + (NoiseHu * (float)random.NextGaussian());
        }

        bool[] isNear = [.. isCore];
        for (var n = 0; n < RimVoxels; n++)
        {
            edge = Grow(edge, isNear, _ => true);
            foreach (var at in edge.Where(at => image.Voxels[at] > FatHu))
            {
                var part = (image.Voxels[at] - FatHu) / (Math.Max(BrightestNear(at), NativeHu) - FatHu);
                result.Voxels[at] = Math.Min(image.Voxels[at], FatHu + (Math.Min(part, 1) * (NativeHu - FatHu)));
            }
        }

        return result;

        List<int> Grow(List<int> from, bool[] taken, Func<int, bool> takes)
        {
            var grown = new List<int>();
            foreach (var at in from.SelectMany(at => steps.Select(step => at + step)))
            {
                if (at < 2 * size.SliceLength || at >= taken.Length - (2 * size.SliceLength) || taken[at] || !takes(at))
                    continue;
                taken[at] = true;
                grown.Add(at);
            }

            return grown;
        }

        float BrightestNear(int at)
        {
            var brightest = float.MinValue;
            for (var z = -RimVoxels; z <= RimVoxels; z++)
            {
                for (var y = -RimVoxels; y <= RimVoxels; y++)
                {
                    for (var x = -RimVoxels; x <= RimVoxels; x++)
                    {
                        var near = at + x + (y * size.X) + (z * size.SliceLength);
                        if (near >= 0 && near < isCore.Length && isCore[near])
                            brightest = Math.Max(brightest, mean[near]);
                    }
                }
            }

            return brightest;
        }
    }
}
