using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Engine;

/// <summary>Chooses where tensors live.</summary>
public static class ComputeDevice
{
    /// <summary>The device of a kind, and the number of threads for this .NET thread.</summary>
    /// <param name="kind">What was asked for.</param>
    /// <param name="threads">Threads of the tensor engine; 0 for as many as there are processors.</param>
    /// <exception cref="UserErrorException">A GPU was asked for and there is none.</exception>
    public static Device Open(DeviceKind kind, int threads)
    {
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        var hasGpu = kind != DeviceKind.Cpu && cuda.is_available();
        if (kind == DeviceKind.Cuda && !hasGpu)
        {
            throw new UserErrorException(
                "The device cuda was asked for, but the tensor engine finds no NVIDIA GPU that it can use; use --device "
                + "cpu, or install the CUDA build of the engine.");
        }

        return new Device(hasGpu ? DeviceType.CUDA : DeviceType.CPU);
    }
}
