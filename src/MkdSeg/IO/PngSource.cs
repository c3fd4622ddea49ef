namespace MkdSeg.IO;

/// <summary>A grey PNG as a volume of one slice whose pixels are 1 mm apart.</summary>
internal sealed class PngSource : VolumeSource
{
    private readonly ItkPixels _pixels;

    public PngSource(string path)
        : this(path, Decode(path))
    {
    }

    private PngSource(string path, ItkPixels pixels)
        : base(path, "PNG", PhotographFile.PixelGrid(pixels.Width, pixels.Height, 1))
    {
        _pixels = pixels;
        ComponentCount = pixels.Channels;
        PixelType = pixels.Type.Describe();
    }

    public override IReadOnlyList<string> Files => [Path];

    public override void Read(VoxelConsumer consume) => consume(0, _pixels.Values);

    private static ItkPixels Decode(string path)
    {
        PngFile.RequireWhole(path);
        return Itk.Read(path, "PNGImageIO") ?? throw new UserErrorException(
            $"'{path}' cannot be decoded as a PNG; copy or download it again.");
    }
}
