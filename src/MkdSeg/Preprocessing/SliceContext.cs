namespace MkdSeg.Preprocessing;

/// <summary>The slices that a network sees as channels, lowest first; the outermost are repeated at the ends.</summary>
internal readonly record struct SliceContext(int Slices, double SpacingMm)
{
    // Positions this close to a slice snap to it.
    private const double SnapTolerance = 1e-3;

    /// <summary>The slice itself, without neighbours.</summary>
    public static SliceContext None { get; } = new(1, 1);

    /// <exception cref="UserErrorException">A value is out of range.</exception>
    public void Validate(string source)
    {
        if (Slices < 1 || Slices % 2 == 0)
            throw new UserErrorException($"{source}: contextSlices is {Slices}; it must be odd; 1 means no neighbouring slices.");
        if (!(SpacingMm > 0) || !double.IsFinite(SpacingMm))
            throw new UserErrorException($"{source}: contextSpacingMm is {SpacingMm}; it must be above 0.");
    }

    /// <summary>Returns the two slices between which a channel lies: lower + fraction · (upper − lower).</summary>
    public (int Lower, int Upper, float Fraction) Source(int slice, int channel, int depth, double sliceMm)
    {
        var at = Math.Clamp(slice + ((channel - (Slices / 2)) * SpacingMm / sliceMm), 0, depth - 1);
        var nearest = Math.Round(at);
        if (Math.Abs(at - nearest) < SnapTolerance)
            at = nearest;
        var lower = (int)at;
        return (lower, Math.Min(lower + 1, depth - 1), (float)(at - lower));
    }

    /// <summary>Fills channels, (<see cref="Slices"/>, height, width), with what a network sees for one slice.</summary>
    public void Gather(Volume<float> volume, int slice, Span<float> channels)
    {
        var size = volume.Grid.Size;
        for (var c = 0; c < Slices; c++)
        {
            var (lower, upper, fraction) = Source(slice, c, size.Z, volume.Grid.SpacingMm.Z);
            var channel = channels.Slice(c * size.SliceLength, size.SliceLength);
            ReadOnlySpan<float> from = volume.Slice(lower);
            from.CopyTo(channel);
            if (fraction == 0)
                continue;
            ReadOnlySpan<float> to = volume.Slice(upper);
            for (var i = 0; i < channel.Length; i++)
                channel[i] += fraction * (to[i] - from[i]);
        }
    }
}
