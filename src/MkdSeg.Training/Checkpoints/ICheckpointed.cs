namespace MkdSeg.Training.Checkpoints;

/// <summary>Something whose state decides how a training goes on.</summary>
public interface ICheckpointed
{
    /// <summary>Writes the state.</summary>
    void Save(CheckpointWriter writer);

    /// <summary>Takes over a state that was saved by one of the same kind and size.</summary>
    void Load(CheckpointReader reader);
}
