using System.Globalization;
using MkdSeg.Common;
using MkdSeg.Training.Running;
using Spectre.Console;

namespace MkdSeg.Cli.Display;

/// <summary>A bar with the time left on a terminal, plain lines about every ten seconds elsewhere.</summary>
internal sealed class ProgressDisplay : IProgress<WorkEvent>
{
    private static readonly TimeSpan PlainLineEvery = TimeSpan.FromSeconds(10);

    private readonly string _title;
    private readonly ProgressTask? _bar;
    private readonly TextWriter _output;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Lock _gate = new();
    private TimeSpan _nextLine = TimeSpan.Zero;
    private double? _startedAt;
    private string _validation = "";

    internal ProgressDisplay(string title, ProgressTask? bar, TextWriter output, TimeProvider clock)
    {
        (_title, _bar, _output, _clock, _start) = (title, bar, output, clock, clock.GetTimestamp());
    }

    /// <summary>Whether there is a terminal that understands more than plain lines.</summary>
    public static bool HasTerminal =>
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>The last progress; null before the first.</summary>
    public WorkProgress? Last { get; private set; }

    /// <summary>Runs work that keeps what is finished and shows its reports; if stopped, says how to go on.</summary>
    public static async Task<T> RunAsync<T>(string title, Func<ProgressDisplay, T> work)
    {
        if (!HasTerminal)
            return await Task.Run(() => Run(new(title, null, Console.Out, TimeProvider.System), work));
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => Task.Run(() => Run(
                new(title, context.AddTask(Markup.Escape(title)), Console.Out, TimeProvider.System), work)));
    }

    /// <summary>"8 of 10 left; the same command goes on."</summary>
    public static string HowToGoOn(double done, double total) => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Ceiling(total - done))} of {total:0} left; the same command goes on.");

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
        if (_bar is null)
            _output.WriteLine(line);
        else
            AnsiConsole.WriteLine(line);
    }

    private void Show(WorkProgress progress)
    {
        // Whoever counts a step twice must not see "10/9, 0:-01 left".
        var total = Math.Max(progress.Total, 0);
        var done = Math.Clamp(progress.Done, 0, total);
        var detail = _validation + progress.Detail;
        if (_bar is not null)
        {
            _bar.MaxValue = Math.Max(total, 1);
            _bar.Value = done;
            _bar.Description = Markup.Escape(detail.Length == 0 ? _title : $"{_title}: {detail}");
            return;
        }

        var now = _clock.GetElapsedTime(_start);
        _startedAt ??= done;
        if (now < _nextLine && done < total)
            return;
        _nextLine = now + PlainLineEvery;
        var steps = done - _startedAt.Value;
        var left = progress.TimeLeft ?? (steps > 0 ? now * ((total - done) / steps) : null);
        var time = left is { } span ? $", {Duration(span)} left" : "";
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_title}: {done:0.#}/{total:0.#}{time}{(detail.Length == 0 ? "" : $", {detail}")}"));
    }

    private void Show(ValidationDone validation)
    {
        foreach (var score in validation.Scores)
        {
            var dice = string.Join(' ', validation.Structures.Zip(score.Dice, (name, value) => string.Create(
                CultureInfo.InvariantCulture, $"{name} {value:0.000}")));
            Print(string.Create(
                CultureInfo.InvariantCulture,
                $"Validation after iteration {validation.Iteration}: {score.Prediction} {score.Mean:0.000} ({dice})"));
        }

        _validation = string.Create(CultureInfo.InvariantCulture, $"Dice {validation.Scores[^1].Mean:0.000}, ");
    }

    // Never negative, whatever an estimate says.
    private static string Duration(TimeSpan time)
    {
        var span = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMinutes}:{span.Seconds:00}");
    }
}
