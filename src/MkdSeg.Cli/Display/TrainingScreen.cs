using Spectre.Console;

namespace MkdSeg.Cli.Display;

/// <summary>Runs training and shows its progress: live on a terminal, in plain lines elsewhere.</summary>
internal static class TrainingScreen
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs the work on its own thread until it ends, and leaves the final state on the screen.</summary>
    public static async Task<T> RunAsync<T>(
        string title, Func<IProgress<WorkEvent>, T> work, CancellationToken cancellation)
    {
        if (!ProgressDisplay.HasTerminal)
            return await ProgressDisplay.RunAsync(title, work);
        return await RunAsync(title, work, new LiveRegion(AnsiConsole.Console), cancellation);
    }

    /// <summary>The same in a given region.</summary>
    internal static async Task<T> RunAsync<T>(
        string title, Func<IProgress<WorkEvent>, T> work, LiveRegion region, CancellationToken cancellation)
    {
        var watch = new TrainingWatch(title, TimeProvider.System);
        var job = Task.Run(() => work(watch), CancellationToken.None);
        while (await Task.WhenAny(job, Task.Delay(DrawEvery, CancellationToken.None)) != job)
            Draw(cancellation.IsCancellationRequested ? TrainingPhase.Stopping : TrainingPhase.Running);
        var end = job.IsCompletedSuccessfully ? TrainingPhase.Finished
            : job.Exception?.GetBaseException() is null or OperationCanceledException ? TrainingPhase.Stopped
            : TrainingPhase.Failed;
        Draw(end, isLast: true);
        return await job;

        void Draw(TrainingPhase phase, bool isLast = false) =>
            region.Draw(watch.TakeMessages(), new TrainingView(watch.Look(phase)), isLast);
    }
}
