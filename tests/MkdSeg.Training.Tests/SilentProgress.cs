namespace MkdSeg.Training.Tests;

/// <summary>Progress that nobody looks at.</summary>
internal sealed class SilentProgress : ITrainingProgress
{
    public void Say(string message)
    {
    }

    public void Report(TrainingStatus status)
    {
    }
}
