namespace MkdSeg.Training;

/// <summary>Whether a training goes on from what a run folder holds.</summary>
public enum Resumption
{
    /// <summary>It begins anew.</summary>
    None,

    /// <summary>It goes on; options that decide the weights and differ from those it was begun with are an error.</summary>
    Same,

    /// <summary>It goes on even with other options; the weights are then those of neither.</summary>
    Changed,
}
