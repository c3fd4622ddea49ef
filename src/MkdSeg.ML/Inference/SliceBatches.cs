using System.Runtime.ExceptionServices;

namespace MkdSeg.ML.Inference;

/// <summary>
/// Hands the slices of a volume, batch after batch, to workers on as many threads. On a CPU that uses the cores better than
/// threads within each operator, some of which are not worth sharing; and results do not depend on the number of threads.
/// </summary>
internal static class SliceBatches
{
    /// <summary>Works through all batches and returns when the last is done.</summary>
    /// <typeparam name="TWorker">What a worker needs for itself, such as buffers.</typeparam>
    /// <param name="slices">Number of slices.</param>
    /// <param name="batch">The most slices of a batch.</param>
    /// <param name="workers">How many work at the same time.</param>
    /// <param name="begin">Makes a worker.</param>
    /// <param name="work">Called with a worker, the first slice and the number of slices; any order, any thread.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    public static void ForEach<TWorker>(
        int slices,
        int batch,
        int workers,
        Func<TWorker> begin,
        Action<TWorker, int, int> work,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var batches = (slices + batch - 1) / batch;
        var next = -1;
        try
        {
            // An index each rather than Parallel.For's ranges, which grow and leave the last worker alone at the end.
            Parallel.For(0, Math.Min(workers, batches), _ =>
            {
                var worker = begin();
                for (int i; (i = Interlocked.Increment(ref next)) < batches;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    work(worker, i * batch, Math.Min(batch, slices - (i * batch)));
                }
            });
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
