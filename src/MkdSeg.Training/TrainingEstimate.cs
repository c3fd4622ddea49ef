namespace MkdSeg.Training;

/// <summary>What a training would take, from one iteration of it.</summary>
/// <param name="Device">Where it would run.</param>
/// <param name="TargetSlices">Slices of the target modality.</param>
/// <param name="AssistantSlices">Slices of the assistant modality; 0 for a method that uses none.</param>
/// <param name="Networks">Each network's role and its number of trainable parameters.</param>
/// <param name="Iterations">Iterations of all stages.</param>
/// <param name="SecondsPerIteration">Time of an iteration.</param>
/// <param name="MemoryGb">Memory of the process after it, which is what the training needs.</param>
public sealed record TrainingEstimate(
    string Device,
    int TargetSlices,
    int AssistantSlices,
    IReadOnlyList<(string Role, long Parameters)> Networks,
    long Iterations,
    double SecondsPerIteration,
    double MemoryGb)
{
    /// <summary>Time of all iterations.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(SecondsPerIteration * Iterations);
}
