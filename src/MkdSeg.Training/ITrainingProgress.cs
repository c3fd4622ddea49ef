using MkdSeg.Training.Validation;

namespace MkdSeg.Training;

/// <summary>Shows a training as it goes; called on the training's thread.</summary>
public interface ITrainingProgress
{
    /// <summary>A sentence about what is being done, such as "Reading 24 cases".</summary>
    void Say(string message);

    /// <summary>Iterations have been done; comes about every ten seconds.</summary>
    void Report(TrainingStatus status);

    /// <summary>One iteration has been done. Comes after each of them, so what it does has to be quick.</summary>
    void Stepped(IterationStatus status)
    {
    }

    /// <summary>Up to this iteration all is safe: a checkpoint was written, or the training goes on from one.</summary>
    void Saved(long iteration)
    {
    }

    /// <summary>A validation was done.</summary>
    /// <param name="iteration">Iterations done.</param>
    /// <param name="structures">Names of the structures.</param>
    /// <param name="scores">Of each segmentor, and of all together last.</param>
    /// <param name="best">The best so far; this one, if its iteration is.</param>
    void Validated(
        long iteration, IReadOnlyList<string> structures, IReadOnlyList<ValidationScore> scores, BestModel best)
    {
    }
}
