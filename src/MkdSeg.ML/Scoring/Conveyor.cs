using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MkdSeg.ML.Scoring;

/// <summary>Passes items through stages that run concurrently, each on its own thread.</summary>
internal static class Conveyor
{
    /// <summary>
    /// Runs every item through every stage without reordering items; returns when all are done. An error in a stage or in the
    /// source stops all stages and is rethrown.
    /// </summary>
    /// <param name="items">The items, fetched when the first stage is free.</param>
    /// <param name="stages">
    /// The stages; one item may wait between two stages. Any wait in a stage must end when its token is cancelled.
    /// </param>
    public static void Run<T>(IEnumerable<T> items, params IReadOnlyList<Action<T, CancellationToken>> stages)
    {
        using var stop = new CancellationTokenSource();
        Exception? first = null;
        BlockingCollection<T>[] queues = [.. stages.Skip(1).Select(_ => new BlockingCollection<T>(boundedCapacity: 1))];
        Thread[] threads = [.. stages.Select((work, i) => new Thread(() => Stage(i, work)) { Name = $"stage {i + 1}" })];
        try
        {
            foreach (var thread in threads)
                thread.Start();
            foreach (var thread in threads)
                thread.Join();
        }
        finally
        {
            foreach (var queue in queues)
                queue.Dispose();
        }

        if (first is not null)
            ExceptionDispatchInfo.Throw(first);

        void Stage(int index, Action<T, CancellationToken> work)
        {
            try
            {
                foreach (var item in index == 0 ? items : queues[index - 1].GetConsumingEnumerable(stop.Token))
                {
                    stop.Token.ThrowIfCancellationRequested();
                    work(item, stop.Token);
                    if (index < queues.Length)
                        queues[index].Add(item, stop.Token);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Another stage has an error to report.
            }
#pragma warning disable CA1031 // Rethrown on the caller's thread.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref first, error, null);
                stop.Cancel();
            }
            finally
            {
                if (index < queues.Length)
                    queues[index].CompleteAdding();
            }
        }
    }
}
