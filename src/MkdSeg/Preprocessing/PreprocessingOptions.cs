namespace MkdSeg.Preprocessing;

/// <summary>How volumes are prepared for a network. The defaults are those of the phantom preset.</summary>
public sealed record PreprocessingOptions
{
    /// <summary>The canonical orientation: the side of the patient towards which each voxel axis runs.</summary>
    public string Orientation { get; init; } = "LPS";

    /// <summary>Pixel spacing of the networks' input, mm.</summary>
    public double InPlaneSpacingMm { get; init; } = 2.5;

    /// <summary>Pixels along each side of the networks' input.</summary>
    public int PatchSize { get; init; } = 64;

    /// <summary>Slices this far above and below the heart are included, mm.</summary>
    public double ZMarginMm { get; init; } = 15;

    /// <summary>The intensities that map to [-1, 1].</summary>
    public IntensityWindow Window { get; init; } = IntensityWindow.Ct;

    /// <summary>How the networks' field of view is chosen.</summary>
    public CropRule Crop { get; init; } = CropRule.Label;

    /// <summary>
    /// Number of slices that the networks see as channels, from below to above the slice they label; odd, 1 for that slice alone.
    /// </summary>
    public int ContextSlices { get; init; } = 1;

    /// <summary>Spacing of these slices, mm; they are interpolated between the volume's slices.</summary>
    public double ContextSpacingMm { get; init; } = 3;

    internal SliceContext Context => new(ContextSlices, ContextSpacingMm);

    /// <summary>
    /// Returns a network's input for one slice of a prepared volume: (<see cref="ContextSlices"/>, height, width), the slice
    /// and its neighbours, lowest first; the outermost slices are repeated at the ends.
    /// </summary>
    public float[] ChannelsOf(Volume<float> prepared, int slice)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        var channels = new float[ContextSlices * prepared.Grid.Size.SliceLength];
        Context.Gather(prepared, slice, channels);
        return channels;
    }

    /// <summary>Checks the values.</summary>
    /// <param name="source">The file or option they come from, for the message.</param>
    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public void Validate(string source)
    {
        Volumes.Orientation.RequireCode(Orientation, source);

        if (!(InPlaneSpacingMm > 0) || !double.IsFinite(InPlaneSpacingMm))
            throw new UserErrorException($"{source}: inPlaneSpacingMm is {InPlaneSpacingMm}; it must be above 0.");
        if (PatchSize < 1)
            throw new UserErrorException($"{source}: patchSize is {PatchSize}; it must be at least 1.");
        if (!(ZMarginMm >= 0) || !double.IsFinite(ZMarginMm))
            throw new UserErrorException($"{source}: zMarginMm is {ZMarginMm}; it must be at least 0.");
        Window.Validate(source);
        Context.Validate(source);
    }
}

/// <summary>How the part of a volume that networks see is chosen.</summary>
public enum CropRule
{
    /// <summary>Around the centre of the label's bounding box: the paper's protocol; requires an annotation.</summary>
    Label,

    /// <summary>Around the volume's centre, all slices.</summary>
    Centre,

    /// <summary>
    /// Around the heart as found by a first, coarse pass: the bundle's locator, or its segmentors if it has none.
    /// </summary>
    Located,

    /// <summary>The whole volume, padded to the network's size multiple.</summary>
    Whole,
}
