using Spectre.Console;
using Spectre.Console.Rendering;

namespace MkdSeg.Cli.Display;

/// <summary>Draws the state of training. Tables are side by side where there is room, and lose columns before digits.</summary>
internal sealed class TrainingView(TrainingState state) : Renderable
{
    private const int WidestBar = 60;
    private static readonly Style Strong = new(decoration: Decoration.Bold);
    private static readonly Style Weak = new(Color.Grey);
    private static readonly Style Good = new(Color.Green, decoration: Decoration.Bold);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var parts = new List<IRenderable> { new Text(Headline(), Strong) };
        if (state.Advance is { } advance)
        {
            parts.Add(Bar(advance, options.Unicode, maxWidth));
            parts.Add(new Text(Pace(advance)));
            parts.Add(new Text(Rates(advance), Weak));
        }

        if (state.SavedIteration is { } saved)
            parts.Add(new Text($"Checkpoint after iteration {saved}", Weak));
        if (state.Validation is { } validation)
            parts.Add(new Text(Best(validation)));
        if (Tables(options, maxWidth) is { } tables)
        {
            parts.Add(Text.Empty);
            parts.Add(tables);
        }

        return ((IRenderable)new Rows(parts)).Render(options, maxWidth);
    }

    private string Headline()
    {
        var phase = state.Phase switch
        {
            TrainingPhase.Stopping => ", stopping after this iteration",
            TrainingPhase.Finished => ", finished",
            TrainingPhase.Stopped => ", stopped",
            TrainingPhase.Failed => ", failed",
            _ => "",
        };
        return state.Advance is not { } advance
            ? $"{state.Title}{phase}, {Duration(state.Elapsed)} elapsed"
            : $"{state.Title}{(advance.Stage is { } stage ? $" ({stage})" : "")}{phase}: iteration "
                + $"{advance.Iteration} of {advance.Iterations}";
    }

    private static Paragraph Bar(TrainingAdvance advance, bool isUnicode, int maxWidth)
    {
        var share = Math.Clamp(advance.Iteration / (double)Math.Max(1, advance.Iterations), 0, 1);
        var percent = $"{Math.Floor(100 * share),4:0} %";
        var width = Math.Clamp(maxWidth - percent.Length, 0, WidestBar);
        var full = (int)(share * width);
        var (done, toDo) = isUnicode ? ('━', '─') : ('#', '.');
        return new Paragraph()
            .Append(new string(done, full), new Style(Color.Green))
            .Append(new string(toDo, width - full), Weak)
            .Append(percent);
    }

    private string Pace(TrainingAdvance advance)
    {
        var speed = advance.PerSecond is { } perSecond ? $"{perSecond:0.00} it/s, " : "";
        var isOver = state.Phase is not (TrainingPhase.Running or TrainingPhase.Stopping);
        var left = advance.TimeLeft is { } time && !isOver ? $", {Duration(time)} left" : "";
        return $"{speed}{Duration(state.Elapsed)} elapsed{left}";
    }

    private static string Rates(TrainingAdvance advance) => advance.HasAdversaries
        ? $"Learning rates: {advance.Rates.Segmentor:0.##e0} segmentors, {advance.Rates.Adversarial:0.##e0} others"
        : $"Learning rate: {advance.Rates.Segmentor:0.##e0}";

    private static string Best(ValidationDone validation) => validation.BestIteration == validation.Iteration
        ? $"Validation after iteration {validation.Iteration}: the best so far, Dice {validation.BestMeanDice:0.000}"
        : $"Validation after iteration {validation.Iteration}; the best so far was after "
            + $"{validation.BestIteration}, Dice {validation.BestMeanDice:0.000}";

    // The first arrangement that fits, otherwise the last.
    private IRenderable? Tables(RenderOptions options, int maxWidth)
    {
        IRenderable? dice = state.Validation is { } validation ? Dice(validation) : null;
        if (state.Advance is not { Losses.Count: > 0 } advance)
            return dice;
        IRenderable[] losses =
        [
            // The course needs non-ASCII characters.
            .. new[] { 4, 3, 2 }.Where(columns => columns < 4 || options.Unicode)
                .Select(columns => Losses(advance.Losses, columns)),
        ];
        var arrangements = dice is null
            ? losses
            :
            [
                .. losses.Take(losses.Length - 1).Select(table => Beside(table, dice)),
                .. losses.Select(table => new Rows(table, Text.Empty, dice)),
            ];
        return arrangements.FirstOrDefault(item => item.Measure(options, int.MaxValue).Max <= maxWidth)
            ?? arrangements[^1];
    }

    private static Grid Beside(IRenderable left, IRenderable right) => new Grid()
        .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(4))
        .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(0))
        .AddRow(left, right);

    private static Grid Losses(IReadOnlyList<LossState> losses, int columns)
    {
        var grid = Columns([.. new[] { "Loss", "last", "mean", "course" }.Take(columns)], right: 2);
        foreach (var loss in losses)
        {
            IRenderable[] cells =
            [
                Cell(loss.Name), Cell(Number(loss.Latest)), Cell(Number(loss.Mean)),
                Cell(Sparkline.Of(loss.Course, LossTrack.MostPoints), Weak),
            ];
            grid.AddRow(cells[..columns]);
        }

        return grid;
    }

    // Structures are rows, so that seven of them fit in a narrow window. The best value of a row is starred.
    private static Grid Dice(ValidationDone validation)
    {
        var grid = Columns(["Dice", .. validation.Scores.Select(score => score.Prediction)], right: int.MaxValue);
        for (var i = 0; i < validation.Structures.Count; i++)
            AddRow(validation.Structures[i], [.. validation.Scores.Select(score => score.Dice[i])]);
        AddRow("mean", [.. validation.Scores.Select(score => score.Mean)]);
        return grid;

        void AddRow(string name, double[] values)
        {
            var best = values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
            grid.AddRow(
            [
                Cell(name),
                .. values.Select(value => !double.IsFinite(value)
                    ? Cell("- ", Weak)
                    : values.Length > 1 && value >= best
                        ? Cell($"{value:0.000}*", Good)
                        : Cell($"{value:0.000} ")),
            ]);
        }
    }

    // The first column contains names, the next `right` columns numbers, the rest text.
    private static Grid Columns(string[] header, int right)
    {
        var grid = new Grid();
        for (var i = 0; i < header.Length; i++)
        {
            var column = new GridColumn().NoWrap().PadLeft(0).PadRight(i < header.Length - 1 ? 2 : 0);
            grid.AddColumn(i > 0 && i <= right ? column.RightAligned() : column);
        }

        return grid.AddRow([.. header.Select(name => Cell(name, Strong))]);
    }

    private static Text Cell(string text, Style? style = null) => new Text(text, style).Overflow(Overflow.Ellipsis);

    private static string Number(double value) => Math.Abs(value) < 1000 ? $"{value:0.000}" : $"{value:0.##e0}";

    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
        : $"{time.Minutes}:{time.Seconds:00}";
}

/// <summary>Draws a series of numbers, one character each.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>Scales the last <paramref name="width"/> numbers to between the lowest block and the full one.</summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        var shown = values.Skip(values.Count - width).ToList();
        if (shown.Count == 0)
            return "";
        var (low, high) = (shown.Min(), shown.Max());
        return string.Concat(shown.Select(value =>
            Levels[high > low ? (int)Math.Round((value - low) / (high - low) * (Levels.Length - 1)) : 0]));
    }
}
