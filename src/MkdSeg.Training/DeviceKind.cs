namespace MkdSeg.Training;

/// <summary>Where a training runs.</summary>
public enum DeviceKind
{
    /// <summary>On an NVIDIA GPU where there is one that the engine can use, else on the CPU.</summary>
    Auto,

    /// <summary>On the CPU.</summary>
    Cpu,

    /// <summary>On an NVIDIA GPU.</summary>
    Cuda,
}
