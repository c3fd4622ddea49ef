using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace MkdSeg.Cli.Display;

/// <summary>
/// Progress of one long piece of work: a bar with the time left on a terminal, plain lines about every ten seconds
/// elsewhere.
/// </summary>
internal sealed class ProgressDisplay
{
    private static readonly TimeSpan PlainLineEvery = TimeSpan.FromSeconds(10);

    private readonly string _title;
    private readonly ProgressTask? _bar;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private TimeSpan _nextLine = TimeSpan.Zero;
    private int? _startedAt;

    private ProgressDisplay(string title, ProgressTask? bar)
    {
        _title = title;
        _bar = bar;
    }

    /// <summary>Whether there is a terminal that understands more than plain lines.</summary>
    public static bool HasTerminal =>
        !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>Runs the work and shows what it reports.</summary>
    public static async Task<T> RunAsync<T>(string title, Func<ProgressDisplay, T> work)
    {
        if (!HasTerminal)
        {
            return await Task.Run(() => work(new ProgressDisplay(title, null)));
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => Task.Run(() => work(new ProgressDisplay(title, context.AddTask(Markup.Escape(title))))));
    }

    /// <summary>Prints a line, above the bar where there is one.</summary>
    public void Say(string message)
    {
        lock (_gate)
        {
            if (_bar is null)
            {
                Console.WriteLine(message);
            }
            else
            {
                AnsiConsole.WriteLine(message);
            }
        }
    }

    /// <summary>Reports that <paramref name="done"/> of <paramref name="total"/> steps are complete.</summary>
    /// <param name="done">Steps done.</param>
    /// <param name="total">All steps.</param>
    /// <param name="detail">What is at hand.</param>
    /// <param name="timeLeft">Where more is known about it than that every step takes the same time.</param>
    public void Report(int done, int total, string detail = "", TimeSpan? timeLeft = null)
    {
        lock (_gate)
        {
            if (_bar is not null)
            {
                _bar.MaxValue = Math.Max(total, 1);
                _bar.Value = done;
                _bar.Description = Markup.Escape(detail.Length == 0 ? _title : $"{_title}: {detail}");
                return;
            }

            var now = _clock.Elapsed;
            _startedAt ??= done;
            if (now < _nextLine && done < total)
            {
                return;
            }

            _nextLine = now + PlainLineEvery;
            var steps = done - _startedAt.Value;
            var left = timeLeft ?? (steps > 0 ? now * ((total - done) / (double)steps) : null);
            var time = left is { } span
                ? string.Create(CultureInfo.InvariantCulture, $", {(int)span.TotalMinutes}:{span.Seconds:00} left")
                : string.Empty;
            Console.WriteLine($"{_title}: {done}/{total}{time}{(detail.Length == 0 ? string.Empty : $", {detail}")}");
        }
    }
}
