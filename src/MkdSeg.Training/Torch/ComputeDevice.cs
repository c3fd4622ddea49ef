using MkdSeg.Common;
using MkdSeg.Training.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Chooses where tensors live.</summary>
internal static class ComputeDevice
{
    /// <summary>Whether tensors of a kind of device would live on a GPU.</summary>
    public static bool IsGpu(DeviceKind kind) => kind != DeviceKind.Cpu && cuda.is_available();

    /// <summary>The device of a kind, and the number of threads for this .NET thread.</summary>
    public static Device Open(DeviceKind kind, int threads, Precision precision = Precision.Fp32)
    {
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        var hasGpu = IsGpu(kind);
        if (kind == DeviceKind.Cuda && !hasGpu)
        {
            throw new UserErrorException(
                "The device cuda was asked for, but the tensor engine finds no NVIDIA GPU that it can use; use --device "
                + "cpu, or install the CUDA build of the engine (docs/gpu.md).");
        }

        if (hasGpu)
        {
            // A GPU would round what it convolves to 11 bits unless told otherwise: fp32 is to mean 32-bit floats.
            backends.cudnn.allow_tf32 = precision == Precision.Mixed;
        }

        return new Device(hasGpu ? DeviceType.CUDA : DeviceType.CPU);
    }
}
