using System.Collections.Concurrent;

namespace MkdSeg.Experiments.Running;

/// <summary>Executes a run, in this process or another; returns when its result is available.</summary>
internal delegate void RunLauncher(
    RunFolder folder, RunSpecification run, IProgress<WorkEvent> progress, CancellationToken cancellation);

/// <summary>The outcome of the runs; skipped runs were left to another process.</summary>
internal sealed record ExperimentSummary(
    IReadOnlyList<RunSpecification> Finished,
    IReadOnlyList<RunSpecification> FinishedBefore,
    IReadOnlyList<(RunSpecification Run, string Reason)> Failed,
    IReadOnlyList<RunSpecification> Skipped);

/// <summary>Executes the unfinished runs in an experiment's folder; one that fails does not stop the others.</summary>
internal sealed class ExperimentRunner(string root, RunLauncher launch)
{
    /// <summary>Executes the remaining runs, several at a time; reports arrive one at a time.</summary>
    public ExperimentSummary Run(
        IReadOnlyList<RunSpecification> runs,
        int parallel,
        IProgress<WorkEvent> progress,
        CancellationToken cancellation = default)
    {
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
        if (gate is null || File.Exists(folder.ResultFile))
        {
            board.Skip(run, gate is null ? "another process is working on it" : "another process has finished it");
            return;
        }

        using var log = new StreamWriter(folder.LogFile, append: true) { AutoFlush = true };
        try
        {
            launch(folder, run, new DirectProgress<WorkEvent>(Take), cancellation);
            File.Delete(folder.FailureFile);
            board.Finish(run);
        }
#pragma warning disable CA1031 // Whatever goes wrong in a run, it must not affect the others.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            var reason = UserErrorException.SentenceWithin(error) ?? $"{error.GetType().Name}: {error.Message}";
            Log(error.ToString());
            File.WriteAllText(folder.FailureFile, reason + "\n");
            board.Fail(run, reason);
        }

        void Take(WorkEvent value)
        {
            if (value is WorkProgress step)
                board.Report(run, step);
            else if (value is WorkInfo info)
                Log(info.Message);
        }

        void Log(string line)
        {
            lock (log)
                log.WriteLine(line);
        }
    }
}
