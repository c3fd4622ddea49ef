using MkdSeg.Datasets;
using MkdSeg.Rendering;

namespace MkdSeg.Tests.Rendering;

public class LegendTests
{
    private static readonly IReadOnlyList<Structure> Heart = LabelSet.WholeHeart.Structures;

    [Test]
    public void Every_structure_has_a_swatch_of_its_colour_below_the_picture()
    {
        var picture = new RgbPicture(600, 40);
        var drawn = Legend.Below(picture, [.. Heart]);
        Assert.That((drawn.Width, drawn.Height), Is.EqualTo((600, 40 + 4 + 20)));
        foreach (var structure in Heart)
            Assert.That(Count(drawn, Legend.ParseColour(structure.Color), from: 40), Is.EqualTo(14 * 14), structure.Name);
        Assert.That(Count(drawn, (0, 0, 0), from: 0, to: 40), Is.EqualTo(600 * 40), "the picture itself stays");
    }

    [Test]
    public void Names_are_written_dot_by_dot()
    {
        // L has seven dots down and four more along its foot, V two times five, two and one: of four pixels each.
        var drawn = Legend.Below(new RgbPicture(600, 10), [Heart.Single(structure => structure.Name == "LV")]);
        Assert.That(Count(drawn, (255, 255, 255), from: 10), Is.EqualTo(((7 + 4) + (10 + 2 + 1)) * 4));
    }

    [Test]
    public void A_narrow_picture_gets_several_lines() =>
        Assert.That(Legend.Below(new RgbPicture(120, 10), [.. Heart]).Height, Is.GreaterThan(10 + 4 + (3 * 20)));

    [Test]
    public void Without_structures_the_picture_stays_as_it_is()
    {
        var picture = new RgbPicture(5, 5);
        Assert.That(Legend.Below(picture, []), Is.SameAs(picture));
    }

    private static int Count(RgbPicture picture, (byte R, byte G, byte B) colour, int from, int? to = null)
    {
        var count = 0;
        for (var y = from; y < (to ?? picture.Height); y++)
        {
            for (var x = 0; x < picture.Width; x++)
                count += picture[x, y] == colour ? 1 : 0;
        }

        return count;
    }
}
