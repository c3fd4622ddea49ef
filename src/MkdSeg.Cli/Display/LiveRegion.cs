using Spectre.Console;
using Spectre.Console.Rendering;

namespace MkdSeg.Cli.Display;

/// <summary>
/// The lowest lines of a terminal, drawn again in place. Unlike Spectre.Console's own live display it keeps no width from
/// before, so that a window made narrower, where the terminal breaks lines that are there, does not leave their remains
/// behind; and the cursor rests visible in the line below, so that there is nothing to restore however the program ends.
/// </summary>
/// <param name="console">A console that understands ANSI sequences.</param>
internal sealed class LiveRegion(IAnsiConsole console)
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string EraseRestOfLine = "\e[K";
    private const string EraseBelow = "\e[J";
    private List<int> _widths = [];

    /// <summary>Prints lines that stay, and a picture in place of the last; the final one is drawn whole.</summary>
    public void Draw(IReadOnlyList<string> messages, IRenderable picture, bool isLast = false)
    {
        var (width, height) = (console.Profile.Width, console.Profile.Height);
        var options = RenderOptions.Create(console, console.Profile.Capabilities);
        // Behind a full line the cursor has no place, and terminals differ in what they make of that.
        var most = Math.Max(1, width - 1);
        var said = messages.SelectMany(message => Lines(new Text(message)));
        var lines = Lines(picture);

        // The cursor has a line of its own, and lines out of the window could not be drawn again.
        var room = Math.Max(1, height - 1);
        if (lines.Count > room && !isLast)
        {
            lines.RemoveRange(room - 1, lines.Count - room + 1);
            lines.Add(new([new Segment(most < 3 ? "" : "...")]));
        }

        // One write, and each line over the one before: nothing is empty in between.
        Segment[] lineEnd = [Segment.Control(EraseRestOfLine), Segment.LineBreak];
        console.Write(new Sequence(
        [
            Segment.Control(HideCursor + Up(width)),
            .. said.Concat(lines).SelectMany(line => line.Concat(lineEnd)),
            Segment.Control(EraseBelow + ShowCursor),
        ]));
        _widths = lines.ConvertAll(line => line.CellCount());

        List<SegmentLine> Lines(IRenderable content) => Segment.SplitLines(content.Render(options, most));
    }

    // A line wider than the window has become several.
    private string Up(int width)
    {
        var rows = _widths.Sum(line => Math.Max(1, (line + width - 1) / Math.Max(1, width)));
        return rows > 0 ? $"\r\e[{rows}A" : "\r";
    }

    private sealed class Sequence(IReadOnlyList<Segment> segments) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
