namespace MkdSeg.Volumes;

/// <summary>
/// Checks from the histogram of a CT whether its values can be Hounsfield units: a chest has air or lung far below −500,
/// fat and soft tissue within ±200, and little above 700.
/// </summary>
internal static class HounsfieldCheck
{
    private const int LowestTissue = -200;
    private const int HighestTissue = 200;
    private const int LightestLung = -500;
    private const int DenseBone = 700;

    // Scanners end at 3071, extended scales at about 31,000; unsigned wrap-around begins at 32,768.
    private const int BeyondAnyScale = 32_000;
    private const int DeepestPadding = -4000;

    // Fractions of all voxels. In two real chests, .37 is air and lung, .48 tissue, and .01 dense bone.
    private const double LeastAir = 0.001;
    private const double LeastTissue = 0.04;
    private const double MostBone = 0.2;
    private const double MostStrays = 0.001;

    /// <summary>Returns why the values are not Hounsfield units, one sentence per reason; empty if they may be.</summary>
    public static IReadOnlyList<string> Examine(Volume<float> volume)
    {
        var (smallest, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in volume.Voxels)
        {
            smallest = Math.Min(smallest, value);
            greatest = Math.Max(greatest, value);
        }

        long air = 0, lung = 0, tissue = 0, bone = 0, wrapped = 0, deep = 0;
        foreach (var value in volume.Voxels)
        {
            air += value < LowestTissue ? 1 : 0;
            lung += value < LightestLung ? 1 : 0;
            tissue += value is >= LowestTissue and <= HighestTissue ? 1 : 0;
            bone += value > DenseBone ? 1 : 0;
            wrapped += value > BeyondAnyScale ? 1 : 0;
            // A single value that marks "outside the field of view" may be anything.
            deep += value < DeepestPadding && value > smallest ? 1 : 0;
        }

        var reason =
            Share(wrapped) > MostStrays
                ? $"{Percent(wrapped)} of them are above {BeyondAnyScale}, as when negative values are stored as unsigned"
            : Share(deep) > MostStrays
                ? $"{Percent(deep)} of them are below {DeepestPadding}, as when values are scaled twice"
            : Share(air) < LeastAir && smallest >= 0 && greatest is > 16 and <= byte.MaxValue
                ? "they lie between 0 and 255, as in 8-bit images"
            : Share(air) < LeastAir
                ? $"air and lung lie below {LowestTissue} HU, but the smallest value is {Number(smallest)}, as in stored "
                    + "values without the rescale intercept (−1024) or in another modality"
            : Share(lung) < LeastAir
                ? $"lung lies below {LightestLung} HU, but the smallest value is {Number(smallest)}, as in values "
                    + "clipped to a window"
            : Share(bone) > MostBone
                ? $"{Percent(bone)} of them are above {DenseBone} HU, where only dense bone and metal lie, as with an "
                    + "offset of about 1000 or inverted values"
            : Share(tissue) < LeastTissue
                ? $"only {Percent(tissue)} of them lie between {LowestTissue} and {HighestTissue} HU, the range of fat "
                    + "and soft tissue"
            : null;

        return reason is null ? [] : [$"The values do not look like Hounsfield units: {reason}."];

        double Share(long count) => (double)count / volume.Voxels.Length;
        string Percent(long count) => Share(count).ToString("0.0 %", CultureInfo.InvariantCulture);
    }

    private static string Number(float value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
