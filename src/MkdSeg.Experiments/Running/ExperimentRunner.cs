using System.Collections.Concurrent;
using MkdSeg.Common;
using MkdSeg.Experiments.Planning;

namespace MkdSeg.Experiments.Running;

/// <summary>Does runs that are not finished, some at a time. One that fails does not stop the others.</summary>
/// <param name="root">The experiment's folder.</param>
/// <param name="launcher">Who does a run.</param>
public sealed class ExperimentRunner(string root, IRunLauncher launcher)
{
    /// <summary>Does what is left to do.</summary>
    /// <param name="runs">The runs, in their order.</param>
    /// <param name="parallel">How many at a time.</param>
    /// <param name="progress">Told of every step; on the threads of the runs, one at a time.</param>
    /// <param name="cancellation">Stops all runs.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public ExperimentSummary Run(
        IReadOnlyList<RunSpecification> runs,
        int parallel,
        IExperimentProgress progress,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallel, 1);
        var board = new ProgressBoard(root, runs, parallel, progress);
        Parallel.ForEach(
            Partitioner.Create(board.ToDo, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation },
            run => RunOne(run, board, cancellation));
        return board.Summary;
    }

    private void RunOne(RunSpecification run, ProgressBoard board, CancellationToken cancellation)
    {
        var folder = RunFolder.Of(root, run);
        using var gate = folder.TryLock();
        if (gate is null)
        {
            board.Skip(run, "another process is at it");
            return;
        }

        if (File.Exists(folder.ResultFile))
        {
            board.Skip(run, "another process has finished it");
            return;
        }

        using var log = new StreamWriter(folder.LogFile, append: true) { AutoFlush = true };
        try
        {
            launcher.Launch(folder, run, new Observer(run, board, log), cancellation);
            File.Delete(folder.FailureFile);
            board.Finish(run);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever is wrong with a run, the others must not suffer.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var reason = UserErrorException.SentenceWithin(error) ?? $"{error.GetType().Name}: {error.Message}";
            log.WriteLine(error);
            File.WriteAllText(folder.FailureFile, reason + "\n");
            board.Fail(run, reason);
        }
    }

    private sealed class Observer(RunSpecification run, ProgressBoard board, StreamWriter log) : IRunObserver
    {
        public void Say(string message)
        {
            lock (log)
            {
                log.WriteLine(message);
            }
        }

        public void Report(RunProgress progress) => board.Report(run, progress);
    }
}
