using MkdSeg.Common;
using MkdSeg.Training.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Chooses where tensors live.</summary>
public static class ComputeDevice
{
    /// <summary>Whether tensors of a kind of device would live on a GPU.</summary>
    /// <exception cref="UserErrorException">The tensor engine cannot be loaded.</exception>
    public static bool IsGpu(DeviceKind kind)
    {
        TorchLibraries.Load();
        return kind != DeviceKind.Cpu && cuda.is_available();
    }

    /// <summary>The device of a kind; also sets the number of threads of the tensor engine.</summary>
    /// <param name="kind">What was asked for.</param>
    /// <param name="threads">Threads of the tensor engine; 0 for as many as there are processors.</param>
    /// <param name="precision">How networks will compute.</param>
    /// <exception cref="UserErrorException">
    /// The tensor engine cannot be loaded, or a GPU was asked for and there is none.
    /// </exception>
    public static Device Open(DeviceKind kind, int threads, Precision precision = Precision.Fp32)
    {
        var hasGpu = IsGpu(kind);
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        if (kind == DeviceKind.Cuda && !hasGpu)
        {
            throw new UserErrorException(
                "The device cuda was asked for, but the tensor engine finds no NVIDIA GPU that it can use; use the device cpu, "
                + "or install the CUDA build of the engine (docs/gpu.md).");
        }

        if (hasGpu)
        {
            // A GPU would round what it convolves to 11 bits unless told otherwise: fp32 is to mean 32-bit floats.
            backends.cudnn.allow_tf32 = precision == Precision.Mixed;
        }

        return new Device(hasGpu ? DeviceType.CUDA : DeviceType.CPU);
    }
}
