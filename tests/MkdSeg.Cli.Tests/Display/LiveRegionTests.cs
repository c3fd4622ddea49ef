using MkdSeg.Cli.Display;
using Spectre.Console;

namespace MkdSeg.Cli.Tests.Display;

public class LiveRegionTests
{
    [Test]
    public void Each_picture_takes_the_place_of_the_one_before()
    {
        using var screen = new Screen(40, 10);
        var region = new LiveRegion(screen.Console);
        screen.Console.WriteLine("before");
        region.Draw([], Picture("first", "second", "third, a long one"));
        region.Draw([], Picture("1st", "2nd"));
        Assert.That(screen.Lines, Is.EqualTo(new[] { "before", "1st", "2nd" }));
        Assert.That((screen.Cursor, screen.IsCursorVisible), Is.EqualTo(((0, 3), true)));
    }

    [Test]
    public void Messages_stay_above_the_picture()
    {
        using var screen = new Screen(40, 10);
        var region = new LiveRegion(screen.Console);
        region.Draw(["Reading."], Picture("a", "b"));
        region.Draw(["Read.", "Training."], Picture("c", "d"));
        Assert.That(screen.Lines, Is.EqualTo(new[] { "Reading.", "Read.", "Training.", "c", "d" }));
    }

    [Test]
    public void A_window_made_narrower_keeps_no_remains()
    {
        using var screen = new Screen(40, 20);
        var region = new LiveRegion(screen.Console);
        screen.Console.WriteLine("before");
        region.Draw([], Picture(new string('x', 38), "short", new string('y', 25)));
        screen.Narrow(12);
        region.Draw([], Picture("now"));
        Assert.That(screen.Lines, Is.EqualTo(new[] { "before", "now" }));
    }

    [Test]
    public void What_does_not_fit_the_window_is_left_out_until_the_end()
    {
        using var screen = new Screen(40, 4);
        var region = new LiveRegion(screen.Console);
        for (var i = 0; i < 3; i++)
            region.Draw([], Picture($"a{i}", "b", "c", "d", "e"));
        Assert.That(screen.Lines, Is.EqualTo(new[] { "a2", "b", "..." }));
        region.Draw([], Picture("a", "b", "c", "d", "e"), isLast: true);
        Assert.That(screen.Lines, Is.EqualTo(new[] { "a", "b", "c", "d", "e" }));
    }

    [Test]
    public void No_line_is_as_wide_as_the_window()
    {
        using var screen = new Screen(10, 20);
        new LiveRegion(screen.Console).Draw(["a message that is long"], Picture("and a picture that is wide"));
        Assert.That(screen.Lines.Max(line => line.Length), Is.LessThan(10));
    }

    private static Rows Picture(params string[] lines) => new(lines.Select(line => new Text(line)));
}
