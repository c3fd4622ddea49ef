using MkdSeg.Datasets;

namespace MkdSeg.Rendering;

/// <summary>
/// The strip below a picture that names its colours. No installed font is needed: names are drawn in capitals of five by
/// seven dots; letters beyond ASCII and most symbols are left blank.
/// </summary>
internal static class Legend
{
    private const int Scale = 2;
    private const int LetterPx = 6 * Scale;
    private const int LinePx = 10 * Scale;
    private const int SwatchPx = 7 * Scale;
    private const int MarginPx = 2 * Scale;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:/>=+";

    // Seven rows of five dots for each letter, from the highest of 35 bits down.
    private static readonly long[] Dots =
    [
        0x3a31fc631, 0x7a31f463e, 0x3e108420f, 0x7a318c63e, 0x7e10f421f, 0x7e10f4210, // ABCDEF
        0x3e109c62f, 0x4631fc631, 0x38842108e, 0x1c4210a4c, 0x4654c5251, 0x42108421f, // GHIJKL
        0x4775ac631, 0x4735ace31, 0x3a318c62e, 0x7a31f4210, 0x3a318d64d, 0x7a31f5251, // MNOPQR
        0x3e107043e, 0x7c8421084, 0x46318c62e, 0x46318c544, 0x4631ad771, 0x462a22a31, // STUVWX
        0x462a21084, 0x7c222221f, 0x3a33ae62e, 0x11842108e, 0x3a213221f, 0x78217043e, // YZ0123
        0x08ca97c42, 0x7e1e0862e, 0x3a10f462e, 0x7c2222108, 0x3a317462e, 0x3a317842e, // 456789
        0x000000004, 0x000070000, 0x008401080, 0x042222210, 0x410411110, 0x001f07c00, 0x0084f9080, // .-:/>=+
    ];

    /// <summary>Returns the picture with the structures' colours and names below it.</summary>
    public static RgbPicture Below(RgbPicture picture, IReadOnlyCollection<Structure> structures)
    {
        var places = new List<(Structure Structure, int X, int Line)>();
        var (x, line) = (MarginPx, 0);
        foreach (var structure in structures)
        {
            var width = SwatchPx + MarginPx + (structure.Name.Length * LetterPx) + (3 * MarginPx);
            if (x > MarginPx && x + width > picture.Width)
                (x, line) = (MarginPx, line + 1);
            places.Add((structure, x, line));
            x += width;
        }

        if (places.Count == 0)
            return picture;
        var drawn = new RgbPicture(picture.Width, picture.Height + MarginPx + ((line + 1) * LinePx));
        drawn.Paste(picture, 0, 0);
        foreach (var (structure, left, row) in places)
        {
            var top = picture.Height + MarginPx + (row * LinePx);
            Fill(drawn, left, top, SwatchPx, ParseColour(structure.Color));
            Write(drawn, left + SwatchPx + MarginPx, top, structure.Name);
        }

        return drawn;
    }

    /// <summary>Returns a square black picture with lines of text, some preceded by a coloured square.</summary>
    public static RgbPicture Page(int sidePx, IReadOnlyList<(string Text, string? Colour)> lines)
    {
        var page = new RgbPicture(sidePx, sidePx);
        for (var i = 0; i < lines.Count; i++)
        {
            var top = LinePx + (i * LinePx);
            if (lines[i].Colour is { } colour)
                Fill(page, LinePx, top, SwatchPx, ParseColour(colour));
            Write(page, LinePx + SwatchPx + (2 * MarginPx), top, lines[i].Text);
        }

        return page;
    }

    /// <summary>Parses a colour as written in manifests, such as "#f58231".</summary>
    public static (byte R, byte G, byte B) ParseColour(string colour)
    {
        var value = int.Parse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
    }

    private static void Write(RgbPicture picture, int left, int top, string text)
    {
        foreach (var letter in text.ToUpperInvariant())
        {
            var index = Letters.IndexOf(letter, StringComparison.Ordinal);
            for (var dot = 0; index >= 0 && dot < 35; dot++)
            {
                if ((Dots[index] >> (34 - dot) & 1) != 0)
                    Fill(picture, left + (dot % 5 * Scale), top + (dot / 5 * Scale), Scale, (255, 255, 255));
            }

            left += LetterPx;
        }
    }

    // Fills a square, clipped at the edges of the picture: a long name may not fit a narrow picture.
    private static void Fill(RgbPicture picture, int left, int top, int side, (byte R, byte G, byte B) colour)
    {
        for (var y = top; y < Math.Min(top + side, picture.Height); y++)
        {
            for (var x = left; x < Math.Min(left + side, picture.Width); x++)
                picture.Set(x, y, colour.R, colour.G, colour.B);
        }
    }
}
