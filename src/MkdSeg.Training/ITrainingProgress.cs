namespace MkdSeg.Training;

/// <summary>Shows a training as it goes; called on the training's thread.</summary>
public interface ITrainingProgress
{
    /// <summary>A sentence about what is being done, such as "Reading 24 cases".</summary>
    void Say(string message);

    /// <summary>Iterations have been done.</summary>
    void Report(TrainingStatus status);
}
