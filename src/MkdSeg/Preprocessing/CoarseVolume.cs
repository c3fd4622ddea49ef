namespace MkdSeg.Preprocessing;

/// <summary>Resamples a whole volume to large cubic voxels, as <see cref="InPlaneResampler"/> does.</summary>
internal static class CoarseVolume
{
    public static Volume<float> Make(Volume<float> volume, LocatorSettings settings)
    {
        var coarse = Resample(volume, settings);
        settings.Window.ApplyInPlace(coarse.Voxels);
        return coarse;
    }

    /// <summary>Marks the coarse voxels that are labelled in at least half of their volume.</summary>
    public static Volume<byte> MakeMask(Volume<byte> classes, LocatorSettings settings)
    {
        var labelled = new Volume<float>(classes.Grid);
        for (var i = 0; i < labelled.Voxels.Length; i++)
            labelled.Voxels[i] = classes.Voxels[i] != 0 ? 1 : 0;
        var coarse = Resample(labelled, settings);
        var mask = new Volume<byte>(coarse.Grid);
        for (var i = 0; i < mask.Voxels.Length; i++)
            mask.Voxels[i] = coarse.Voxels[i] >= 0.5f ? (byte)1 : (byte)0;
        return mask;
    }

    /// <summary>Stacks each slice with its neighbours, repeating the end slices; pads with −1 to the size multiple.</summary>
    public static Volume<float> Stack(Volume<float> coarse, LocatorSettings settings, int sizeMultiple)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeMultiple, 1);
        var (size, channels) = (coarse.Grid.Size, settings.ContextSlices);
        var stacked = new Volume<float>(new(
            new(Up(size.X), Up(size.Y), size.Z * channels),
            coarse.Grid.SpacingMm,
            coarse.Grid.OriginMm,
            coarse.Grid.Direction));
        Array.Fill(stacked.Voxels, -1);
        for (var z = 0; z < size.Z; z++)
        {
            for (var c = 0; c < channels; c++)
            {
                var from = coarse.Slice(Neighbour(z, c, size.Z, settings));
                var to = stacked.Slice((z * channels) + c);
                for (var y = 0; y < size.Y; y++)
                    from.Slice(y * size.X, size.X).CopyTo(to[(y * stacked.Grid.Size.X)..]);
            }
        }

        return stacked;

        int Up(int pixels) => (pixels + sizeMultiple - 1) / sizeMultiple * sizeMultiple;
    }

    /// <summary>Returns the index of the slice that a channel shows.</summary>
    public static int Neighbour(int z, int channel, int depth, LocatorSettings settings)
    {
        return Math.Clamp(z + ((channel - (settings.ContextSlices / 2)) * settings.ContextStep), 0, depth - 1);
    }

    // Resamples in the volume's own orientation, because reorienting the few coarse voxels costs nothing.
    private static Volume<float> Resample(Volume<float> volume, LocatorSettings settings)
    {
        settings.Validate("locator");
        var frame = NetworkGrid.Create(
            volume.Grid,
            new() { InPlaneSpacingMm = settings.SpacingMm, Window = settings.Window, Crop = CropRule.Whole },
            null);
        return Orientation.Reorient(
            AcrossSlices(InPlaneResampler.Resample(volume, frame, float.NaN), settings.SpacingMm), settings.Orientation);
    }

    private static Volume<float> AcrossSlices(Volume<float> volume, double spacingMm)
    {
        var (grid, size) = (volume.Grid, volume.Grid.Size);
        var step = spacingMm / grid.SpacingMm.Z;
        var depth = Math.Max(1, (int)Math.Ceiling((size.Z / step) - 1e-6));
        // Centred on the volume, which the coarse slices cover.
        var first = (size.Z - 1 - ((depth - 1) * step)) / 2;
        var weights = new AxisWeights(size.Z, depth, first, step);
        var coarse = new Volume<float>(new(
            new(size.X, size.Y, depth),
            new(grid.SpacingMm.X, grid.SpacingMm.Y, spacingMm),
            grid.ToPoint(new(0, 0, first)),
            grid.Direction));
        for (var z = 0; z < depth; z++)
        {
            var taps = weights.At(z);
            var output = coarse.Slice(z);
            for (var i = 0; i < taps.Length; i++)
            {
                ReadOnlySpan<float> input = volume.Slice(weights.First(z) + i);
                var weight = taps[i];
                for (var p = 0; p < output.Length; p++)
                    output[p] += weight * input[p];
            }
        }

        return coarse;
    }
}
