using MkdSeg.Training.Validation;

namespace MkdSeg.Training;

/// <summary>Shows a training as it goes; called on the training's thread.</summary>
public interface ITrainingProgress
{
    /// <summary>A sentence about what is being done, such as "Reading 24 cases".</summary>
    void Say(string message);

    /// <summary>Iterations have been done.</summary>
    void Report(TrainingStatus status);

    /// <summary>A validation was done.</summary>
    /// <param name="iteration">Iterations done.</param>
    /// <param name="structures">Names of the structures.</param>
    /// <param name="scores">Of each segmentor, and of all together last.</param>
    void Validated(long iteration, IReadOnlyList<string> structures, IReadOnlyList<ValidationScore> scores)
    {
    }
}
