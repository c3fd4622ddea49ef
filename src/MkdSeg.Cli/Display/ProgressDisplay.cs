using MkdSeg.ML.Scoring;
using Spectre.Console;

namespace MkdSeg.Cli.Display;

/// <summary>
/// A progress bar with the time left on a terminal; elsewhere plain lines, or log lines, about every ten seconds.
/// </summary>
internal sealed class ProgressDisplay(
    string title, ProgressTask? bar, TextWriter output, TimeProvider clock, JsonLog? log = null) : IProgress<WorkEvent>
{
    private static readonly TimeSpan PlainLineEvery = TimeSpan.FromSeconds(10);

    private readonly long _start = clock.GetTimestamp();
    private readonly Lock _gate = new();
    private TimeSpan _nextLine = TimeSpan.Zero;
    private double? _startedAt;
    private string _validation = "";

    /// <summary>Whether there is a terminal that supports more than plain lines.</summary>
    public static bool HasTerminal =>
        JsonLog.Current is null && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>The latest progress; null before the first report.</summary>
    public WorkProgress? Last { get; private set; }

    /// <summary>Runs work that keeps what is finished and shows its progress; if stopped, reports how to resume.</summary>
    public static async Task<T> RunAsync<T>(string title, Func<ProgressDisplay, T> work)
    {
        if (!HasTerminal)
            return await Task.Run(() => Run(new(title, null, Console.Out, TimeProvider.System, JsonLog.Current), work));
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => Task.Run(() => Run(
                new(title, context.AddTask(Markup.Escape(title)), Console.Out, TimeProvider.System), work)));
    }

    /// <summary>"8 of 10 left; rerun the same command to resume."</summary>
    public static string HowToGoOn(double done, double total) =>
        $"{Math.Max(0, Math.Ceiling(total - done))} of {total:0} left; rerun the same command to resume.";

    public void Report(WorkEvent value)
    {
        lock (_gate)
        {
            switch (value)
            {
                case WorkInfo info:
                    Print(info.Message);
                    break;
                case WorkProgress progress:
                    Show(Last = progress);
                    break;
                case ValidationDone validation:
                    Show(validation);
                    break;
            }
        }
    }

    private static T Run<T>(ProgressDisplay display, Func<ProgressDisplay, T> work)
    {
        try
        {
            return work(display);
        }
        catch (OperationCanceledException error) when (display.Last is { } last)
        {
            throw new StoppedException(HowToGoOn(last.Done, last.Total), error);
        }
    }

    private void Print(string line)
    {
        if (bar is null)
            output.WriteLine(line);
        else
            AnsiConsole.WriteLine(line);
    }

    private void Show(WorkProgress progress)
    {
        // Work that counts a step twice must not show "10/9, 0:-01 left".
        var total = Math.Max(progress.Total, 0);
        var done = Math.Clamp(progress.Done, 0, total);
        if (progress is ScoringProgress { Result: { } result })
            log?.Case(result, done, total);
        // For a case, the detail contains its name, which the log must not show.
        var detail = _validation + (log is not null && progress is ScoringProgress ? "" : progress.Detail);
        if (bar is not null)
        {
            bar.MaxValue = Math.Max(total, 1);
            bar.Value = done;
            bar.Description = Markup.Escape(detail.Length == 0 ? title : $"{title}: {detail}");
            return;
        }

        var now = clock.GetElapsedTime(_start);
        _startedAt ??= done;
        if (now < _nextLine && done < total)
            return;
        _nextLine = now + PlainLineEvery;
        var steps = done - _startedAt.Value;
        var left = progress.TimeLeft ?? (steps > 0 ? now * ((total - done) / steps) : null);
        if (log is not null)
        {
            log.Progress(title, done, total, left, detail);
            return;
        }

        var time = left is { } span ? $", {Duration(span)} left" : "";
        output.WriteLine($"{title}: {done:0.#}/{total:0.#}{time}{(detail.Length == 0 ? "" : $", {detail}")}");
    }

    private void Show(ValidationDone validation)
    {
        foreach (var score in validation.Scores)
        {
            var dice = validation.Structures.Zip(score.Dice, (name, value) => $"{name} {value:0.000}");
            Print($"Validation after iteration {validation.Iteration}: {score.Prediction} {score.Mean:0.000} "
                + $"({string.Join(' ', dice)})");
        }

        _validation = $"Dice {validation.Scores[^1].Mean:0.000}, ";
    }

    // Never negative, whatever the estimate.
    private static string Duration(TimeSpan time)
    {
        var span = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return $"{(long)span.TotalMinutes}:{span.Seconds:00}";
    }
}
