using System.Diagnostics;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Scoring;

/// <summary>A case passing through the stages, with its intermediate data.</summary>
internal sealed class CaseWork(ScoringCase item) : IDisposable
{
    private readonly Dictionary<ScoringStage, double> _seconds = [];
    private SemaphoreSlim? _memory;

    public ScoringCase Case { get; } = item;
    public string? Sha256 { get; set; }
    public List<string> Warnings { get; } = [.. item.Warnings];

    /// <summary>Reasons to doubt the volume or its mask, one sentence each.</summary>
    public List<string> Doubts { get; } = [];

    /// <summary>The volume, from reading until its masks exist.</summary>
    public Volume<float>? Volume { get; set; }

    /// <summary>The segmentation of the volume, kept as long as the volume.</summary>
    public HeartSegmentation? Segmentation { get; set; }

    /// <summary>Its row; null until finished.</summary>
    public CaseResult? Result { get; private set; }

    /// <summary>Whether an earlier run had finished it.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Whether the run was cancelled before it was finished.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsOver => Result is not null || IsAbandoned;

    /// <summary>Waits until there is memory for another volume.</summary>
    public void AcquireMemorySlot(SemaphoreSlim memory, CancellationToken cancellation)
    {
        memory.Wait(cancellation);
        _memory = memory;
    }

    /// <summary>Releases the volume and everything derived from it.</summary>
    public void Dispose()
    {
        (Volume, Segmentation) = (null, null);
        _memory?.Release();
        _memory = null;
    }

    /// <summary>Does a part of the work unless the case is over. An error becomes the case's result.</summary>
    public void Guard(Action part)
    {
        if (IsOver)
            return;
        try
        {
            part();
        }
        catch (OperationCanceledException)
        {
            IsAbandoned = true;
        }
#pragma warning disable CA1031 // A failing case must not affect the others.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(Sentence(error));
        }

        if (IsOver)
            Dispose();
    }

    public T Timed<T>(ScoringStage stage, Func<T> work)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            return work();
        }
        finally
        {
            _seconds[stage] = Math.Round(watch.Elapsed.TotalSeconds, 4);
        }
    }

    public void Finish(Func<CaseResult, CaseResult> complete) => Result = complete(
        Row(Doubts.Count > 0 ? CaseStatus.Doubtful : CaseStatus.Ok, string.Join(' ', Doubts)));

    public void Keep(CaseResult earlier) => (Result, IsKept) = (earlier, true);

    public void LeaveOut(string reason) => Result = Row(CaseStatus.LeftOut, reason);

    /// <summary>Ends the case as failed; the reason includes doubts about the volume, which may be the cause.</summary>
    public void Fail(string reason) => Result = Row(CaseStatus.Failed, string.Join(' ', [reason, .. Doubts]));

    private static string Sentence(Exception error)
    {
        var innermost = error.GetBaseException();
        return UserErrorException.SentenceWithin(error) ?? innermost switch
        {
            OutOfMemoryException => "There is not enough memory for this case; score it on a larger machine.",
            IOException or UnauthorizedAccessException => innermost.Message,
            _ => $"{innermost.GetType().Name}: {innermost.Message}",
        };
    }

    private CaseResult Row(CaseStatus status, string reason) => new()
    {
        Case = Case,
        Status = status,
        Reason = reason,
        Sha256 = Sha256,
        Warnings = [.. Warnings.Distinct()],
        Seconds = _seconds,
    };
}
