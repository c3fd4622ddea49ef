namespace MkdSeg.Phantom.Internals;

/// <summary>Makes a CT harder to read: <see cref="PhantomRequest.Grade"/>.</summary>
internal static class Degradation
{
    private const float SoftTissueHu = 40;
    private const float NoiseHuPerGrade = 25;

    /// <summary>Removes contrast agent from an image and adds noise to it.</summary>
    public static void Apply(float[] image, int grade, SeededRandom random)
    {
        var kept = 1f - ((float)grade / PhantomRequest.HardestGrade);
        foreach (ref var value in image.AsSpan())
        {
            if (value > SoftTissueHu)
                value = SoftTissueHu + ((value - SoftTissueHu) * kept);
            value += NoiseHuPerGrade * grade * (float)random.NextGaussian();
        }
    }
}
