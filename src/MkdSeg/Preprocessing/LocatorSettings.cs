namespace MkdSeg.Preprocessing;

/// <summary>
/// How a volume is presented to a locator network, and what counts as a heart. The defaults are those used to train
/// locators.
/// </summary>
public sealed record LocatorSettings
{
    /// <summary>The canonical orientation of the slices.</summary>
    public string Orientation { get; init; } = "LPS";

    /// <summary>Voxel size along all three axes, mm.</summary>
    public double SpacingMm { get; init; } = 6;

    /// <summary>Number of network channels, odd: a slice between its neighbours.</summary>
    public int ContextSlices { get; init; } = 5;

    /// <summary>Step from one channel to the next, in slices.</summary>
    public int ContextStep { get; init; } = 2;

    /// <summary>The intensities that map to [-1, 1].</summary>
    public IntensityWindow Window { get; init; } = new() { LowerValue = -800, UpperValue = 600 };

    /// <summary>The lowest probability at which a voxel belongs to the heart.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Margin added to the box on every side, mm.</summary>
    public double MarginMm { get; init; } = 12;

    /// <summary>The smallest volume that counts as a heart, mL.</summary>
    public double LeastVolumeMl { get; init; } = 40;

    /// <summary>The lowest mean probability that counts as a heart.</summary>
    public double LeastProbability { get; init; } = 0.7;

    /// <summary>Checks the values.</summary>
    /// <param name="source">The file or option they come from, for the message.</param>
    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public void Validate(string source)
    {
        Volumes.Orientation.RequireCode(Orientation, source);

        if (!(SpacingMm > 0) || !double.IsFinite(SpacingMm))
            throw new UserErrorException($"{source}: the locator's spacingMm is {SpacingMm}; it must be above 0.");
        if (ContextSlices < 1 || ContextSlices % 2 == 0 || ContextStep < 1)
        {
            throw new UserErrorException(
                $"{source}: the locator uses {ContextSlices} slices in steps of {ContextStep}; the number must be odd "
                + "and the step at least 1.");
        }

        if (!(Threshold is > 0 and < 1) || !(LeastProbability is >= 0 and < 1))
        {
            throw new UserErrorException(
                $"{source}: the locator's threshold is {Threshold} and its least probability {LeastProbability}; both must "
                + "be between 0 and 1.");
        }

        if (!(MarginMm >= 0) || !(LeastVolumeMl >= 0) || !double.IsFinite(MarginMm + LeastVolumeMl))
        {
            throw new UserErrorException(
                $"{source}: the locator's margin is {MarginMm} mm and its least volume {LeastVolumeMl} mL; neither can be "
                + "negative.");
        }

        Window.Validate(source);
    }
}
