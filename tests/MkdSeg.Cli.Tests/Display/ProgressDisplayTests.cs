using MkdSeg.Cli.Display;
using MkdSeg.Common;

namespace MkdSeg.Cli.Tests.Display;

/// <summary>Progress without a terminal.</summary>
public class ProgressDisplayTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public void No_more_is_done_than_there_is_and_no_time_is_negative()
    {
        var lines = Show(display =>
        {
            display.Report(new WorkProgress(0, 9));
            _clock.Pass(90);
            display.Report(new WorkProgress(10, 9, "last", TimeSpan.FromSeconds(-1)));
        });
        Assert.That(lines, Is.EqualTo(new[] { "Score: 0/9", "Score: 9/9, 0:00 left, last" }));
    }

    [Test]
    public void Time_left_follows_the_steps_since_the_first_report()
    {
        var lines = Show(display =>
        {
            display.Report(new WorkProgress(4, 10));
            _clock.Pass(60);
            display.Report(new WorkProgress(6, 10));
            _clock.Pass(5);
            display.Report(new WorkProgress(7, 10));
        });
        Assert.That(lines, Is.EqualTo(new[] { "Score: 4/10", "Score: 6/10, 2:00 left" }), "a line every ten seconds");
    }

    [Test]
    public void Stopped_work_says_how_to_go_on()
    {
        var stopped = Assert.ThrowsAsync<StoppedException>(() => ProgressDisplay.RunAsync<int>("Score", display =>
        {
            display.Report(new WorkProgress(2, 10));
            throw new OperationCanceledException();
        }));
        Assert.That(stopped!.Message, Is.EqualTo("8 of 10 left; rerun the same command to resume."));
    }

    private string[] Show(Action<ProgressDisplay> work)
    {
        using var output = new StringWriter();
        work(new("Score", null, output, _clock));
        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
