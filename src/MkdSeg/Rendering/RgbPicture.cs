using MkdSeg.IO;

namespace MkdSeg.Rendering;

/// <summary>An RGB picture with 8 bits per channel.</summary>
internal sealed class RgbPicture
{
    private readonly byte[] _pixels;

    public RgbPicture(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        (Width, Height) = (width, height);
        _pixels = new byte[3 * width * height];
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Red, green and blue of each pixel, row by row from the top.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The colour of a pixel; (0, 0) is at the upper left.</summary>
    public (byte R, byte G, byte B) this[int x, int y]
    {
        get
        {
            var i = 3 * (x + (y * Width));
            return (_pixels[i], _pixels[i + 1], _pixels[i + 2]);
        }
    }

    public void Set(int x, int y, byte r, byte g, byte b)
    {
        var i = 3 * (x + (y * Width));
        (_pixels[i], _pixels[i + 1], _pixels[i + 2]) = (r, g, b);
    }

    /// <summary>Copies another picture into this one.</summary>
    public void Paste(RgbPicture picture, int left, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left + picture.Width, Width, nameof(left));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top + picture.Height, Height, nameof(top));
        for (var y = 0; y < picture.Height; y++)
        {
            picture._pixels.AsSpan(3 * y * picture.Width, 3 * picture.Width)
                .CopyTo(_pixels.AsSpan(3 * (left + ((top + y) * Width))));
        }
    }

    public byte[] ToPng()
    {
        using var content = new MemoryStream();
        PngFile.Write(_pixels, Width, 3, content);
        return content.ToArray();
    }

    /// <summary>Writes the picture as PNG, atomically.</summary>
    public void SavePng(string path) => UserErrorException.OfFiles(
        () => AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, ToPng())),
        $"The picture {path} cannot be written");
}
