using MkdSeg.Common;

namespace MkdSeg.Training.Tests;

/// <summary>Keeps what a training reports.</summary>
internal sealed class Recorder : IProgress<WorkEvent>
{
    public List<WorkEvent> Events { get; } = [];

    public IEnumerable<string> Messages => Events.OfType<WorkInfo>().Select(item => item.Message);

    public void Report(WorkEvent value) => Events.Add(value);
}
