namespace MkdSeg.IO;

/// <summary>
/// Reads and writes photographs and label images: PNG files with 8 bits per value. A photograph becomes a volume whose
/// slices are its channels, red, green and blue; pixels are 1 mm apart.
/// </summary>
internal static class PhotographFile
{
    /// <summary>Reads a photograph, mapping 0 to 255 to [-1, 1]; a transparency channel is ignored.</summary>
    public static Volume<float> Read(string path, int channels)
    {
        var (width, height, found, bytes) = ReadBytes(path);
        if (found - channels is not (0 or 1))
        {
            throw new UserErrorException(
                $"'{path}' has {found} values per pixel; {channels} are expected: convert it.");
        }

        var volume = new Volume<float>(PixelGrid(width, height, channels));
        for (var c = 0; c < channels; c++)
        {
            var plane = volume.Slice(c);
            for (var i = 0; i < plane.Length; i++)
                plane[i] = (bytes[(i * found) + c] / 127.5f) - 1;
        }

        return volume;
    }

    /// <summary>Reads a label image.</summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// One number per pixel: the label value of an image with one channel (Coloured false), or the colour 0xRRGGBB. A
    /// PNG with a palette counts as coloured.
    /// </returns>
    /// <exception cref="UserErrorException">The file cannot be read, or has more than 8 bits per value.</exception>
    public static (Volume<int> Values, bool Coloured) ReadLabels(string path)
    {
        var (width, height, channels, bytes) = ReadBytes(path);
        var coloured = channels >= 3;
        var labels = new Volume<int>(PixelGrid(width, height, 1));
        for (var i = 0; i < labels.Voxels.Length; i++)
        {
            var at = bytes.AsSpan(i * channels, channels);
            labels.Voxels[i] = coloured ? (at[0] << 16) | (at[1] << 8) | at[2] : at[0];
        }

        return (labels, coloured);
    }

    /// <summary>Writes a label image with one channel; the file appears under its name only once it is complete.</summary>
    public static void WriteLabels(Volume<byte> labels, string path)
    {
        UserErrorException.OfFiles(
            () => AtomicFile.Write(path, temporary =>
            {
                using var file = File.Create(temporary);
                PngFile.Write(labels.Slice(0), labels.Grid.Size.X, 1, file);
            }),
            $"The label image {path} cannot be written");
    }

    internal static Grid PixelGrid(int width, int height, int channels) =>
        new(new(width, height, channels), new(1, 1, 1), default, Direction.Identity);

    private static (int Width, int Height, int Channels, byte[] Bytes) ReadBytes(string path)
    {
        if (!File.Exists(path))
            throw new UserErrorException($"The picture '{path}' does not exist; check the path.");
        try
        {
            PngFile.RequireWhole(path);
            var pixels = Itk.Read(path, "PNGImageIO") ?? throw new UserErrorException(
                $"'{path}' cannot be read as a picture; a complete PNG is expected.");
            if (pixels.Type != VoxelType.UInt8)
            {
                throw new UserErrorException(
                    $"'{path}' contains {pixels.Type.Describe()}s; a picture with 8 bits per value is expected: convert it.");
            }

            return (
                pixels.Width, pixels.Height, pixels.Channels, Array.ConvertAll(pixels.Values, value => (byte)value));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be read: {error.Message.TrimEnd('.')}; check the file.", error);
        }
    }
}
