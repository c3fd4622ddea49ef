using System.Diagnostics;
using Polly;
using Polly.Retry;

namespace MkdSeg.Pacs.Dicomweb;

/// <summary>Retries a request after increasingly long waits, as long as the error may be temporary.</summary>
/// <param name="options">The waits and their limits.</param>
/// <param name="say">Receives a sentence for each wait.</param>
internal sealed class Retrying(DicomwebOptions options, Action<string> say)
{
    /// <summary>Runs a request until it succeeds.</summary>
    /// <param name="what">What cannot be done without it, such as "series 1.2.3 cannot be fetched".</param>
    /// <param name="request">One attempt; it reports progress to the watch, and ends when the watch cancels it.</param>
    /// <param name="cancellation">Ends attempts and waits.</param>
    /// <exception cref="UserErrorException">
    /// It failed permanently, or for longer than the patience; the inner exception is a <see cref="DicomwebException"/>.
    /// </exception>
    public async Task<T> RunAsync<T>(string what, Func<Watch, Task<T>> request, CancellationToken cancellation)
    {
        var (start, tries) = (Stopwatch.GetTimestamp(), 0);
        var pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is DicomwebException { IsPassing: true }
                && Stopwatch.GetElapsedTime(start) < options.Patience),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.FirstDelay,
            MaxDelay = options.LongestDelay,
            // Null: the computed delay.
            DelayGenerator = args => ValueTask.FromResult(
                args.Outcome.Exception is DicomwebException { RetryAfter: { } asked } && asked > TimeSpan.Zero
                    ? asked < options.LongestDelay ? asked : options.LongestDelay
                    : (TimeSpan?)null),
            OnRetry = args =>
            {
                say($"The server {options.Address} {args.Outcome.Exception!.Message}; "
                    + $"trying again in {args.RetryDelay.TotalSeconds:0.#} s.");
                return ValueTask.CompletedTask;
            },
        }).Build();
        try
        {
            return await pipeline.ExecuteAsync(
                async token =>
                {
                    tries++;
                    using var watch = new Watch(options.IdleLimit, token);
                    try
                    {
                        return await request(watch);
                    }
                    catch (Exception error) when (!token.IsCancellationRequested
                        && DicomwebException.Of(error, options.IdleLimit) is { } known && known != error)
                    {
                        throw known;
                    }
                },
                cancellation);
        }
        catch (DicomwebException error)
        {
            var often = tries > 1 ? $", {tries} times in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s" : "";
            var advice = error.IsPassing ? "; check that it works, then start the same command again" : "";
            throw new UserErrorException($"{what}: the server {options.Address} {error.Message}{often}{advice}.", error);
        }
    }
}

/// <summary>Cancels an idle request.</summary>
internal sealed class Watch : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _source;

    public Watch(TimeSpan limit, CancellationToken cancellation)
    {
        (_limit, _source) = (limit, CancellationTokenSource.CreateLinkedTokenSource(cancellation));
        Moved();
    }

    public CancellationToken Token => _source.Token;

    public void Moved() => _source.CancelAfter(_limit);

    public void Dispose() => _source.Dispose();
}
