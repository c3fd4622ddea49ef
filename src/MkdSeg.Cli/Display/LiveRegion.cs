using Spectre.Console;
using Spectre.Console.Rendering;

namespace MkdSeg.Cli.Display;

/// <summary>
/// The bottom lines of a terminal, redrawn in place. Unlike Spectre.Console's own live display, it does not rely on an
/// earlier window width, so narrowing the window, which makes the terminal wrap existing lines, leaves no remnants. The
/// cursor stays visible on the line below, so nothing needs restoring however the program ends.
/// </summary>
/// <param name="console">A console that understands ANSI sequences.</param>
internal sealed class LiveRegion(IAnsiConsole console)
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string EraseRestOfLine = "\e[K";
    private const string EraseBelow = "\e[J";
    private List<int> _widths = [];

    /// <summary>Prints permanent lines and a picture that replaces the previous one; the last picture is drawn in full.</summary>
    public void Draw(IReadOnlyList<string> messages, IRenderable picture, bool isLast = false)
    {
        var (width, height) = (console.Profile.Width, console.Profile.Height);
        var options = RenderOptions.Create(console, console.Profile.Capabilities);
        // After a full line there is no room for the cursor, and terminals differ in how they handle that.
        var most = Math.Max(1, width - 1);
        var said = messages.SelectMany(message => Lines(new Text(message)));
        var lines = Lines(picture);

        // The cursor needs its own line, and lines outside the window could not be redrawn.
        var room = Math.Max(1, height - 1);
        if (lines.Count > room && !isLast)
        {
            lines.RemoveRange(room - 1, lines.Count - room + 1);
            lines.Add(new([new Segment(most < 3 ? "" : "...")]));
        }

        // One write, each line over the previous one, so that nothing is blank in between.
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

    // The terminal wraps a line wider than the window into several.
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
