namespace MkdSeg.Training.Torch;

/// <summary>What a forward pass in training does to the running statistics of batch normalisation layers.</summary>
public enum NormStatistics
{
    /// <summary>Normalise by the batch and move the running statistics towards it.</summary>
    Updated,

    /// <summary>
    /// Normalise by the batch and leave the running statistics alone: for a network that is not being trained by this
    /// pass, a frozen one or a teacher.
    /// </summary>
    Untouched,

    /// <summary>Normalise by the running statistics, as the exported network does.</summary>
    Running,
}
