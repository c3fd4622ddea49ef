using MkdSeg.Cli.Display;
using MkdSeg.Common;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Tests.Display;

/// <summary>How a training leaves the screen.</summary>
public class TrainingScreenTests
{
    [Test]
    public async Task At_the_end_the_last_state_remains()
    {
        using var screen = new Screen(80, 24);
        var result = await Run(screen, _ => 7, CancellationToken.None);
        Assert.That(result, Is.EqualTo(7));
        Assert.That(screen.Lines.Take(2), Is.EqualTo(new[] { "CT: 3 slices.", "Train mkd, finished: iteration 5 of 9" }));
        AssertIsClean(screen);
    }

    [Test]
    public void After_a_stop_too()
    {
        using var screen = new Screen(80, 24);
        using var source = new CancellationTokenSource();
        Assert.CatchAsync<OperationCanceledException>(() => Run(
            screen,
            progress =>
            {
                source.Cancel();
                progress.Report(new CheckpointSaved(5, 9));
                throw new OperationCanceledException(source.Token);
            },
            source.Token));
        Assert.That(
            screen.Text, Does.Contain("Train mkd, stopped: iteration 5").And.Contain("Checkpoint after iteration 5"));
        AssertIsClean(screen);
    }

    [Test]
    public void After_an_error_too()
    {
        using var screen = new Screen(80, 24);
        Assert.ThrowsAsync<UserErrorException>(() => Run(
            screen, _ => throw new UserErrorException("The disk is full."), CancellationToken.None));
        Assert.That(screen.Text, Does.Contain("Train mkd, failed: iteration 5").And.Contain("L_sup_real"));
        AssertIsClean(screen);
    }

    [Test]
    public async Task Meanwhile_it_is_drawn_a_few_times()
    {
        using var screen = new Screen(80, 24);
        using var seen = new ManualResetEventSlim();
        var training = Run(screen, _ => seen.Wait(TimeSpan.FromMinutes(1)) ? 1 : 0, CancellationToken.None);
        var isDrawn = SpinWait.SpinUntil(
            () => screen.Text.Contains("Train mkd: iteration 5 of 9", StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        seen.Set();
        Assert.That(isDrawn);
        Assert.That(await training, Is.EqualTo(1));
    }

    private static Task<int> Run(Screen screen, Func<IProgress<WorkEvent>, int> rest, CancellationToken cancellation) =>
        TrainingScreen.RunAsync(
            "Train mkd",
            progress =>
            {
                progress.Report(new WorkInfo("CT: 3 slices."));
                progress.Report(new TrainingIteration(
                    null, 5, 9, new(1e-3, 0), [new LossValue("S_real", "L_sup_real", 0.5f)]));
                return rest(progress);
            },
            new LiveRegion(screen.Console),
            cancellation);

    // Whatever is printed next has a line of its own.
    private static void AssertIsClean(Screen screen) =>
        Assert.That((screen.Cursor, screen.IsCursorVisible), Is.EqualTo(((0, screen.Lines.Count), true)));
}
