using System.Reflection;
using MkdSeg.Training.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Selects the device for tensors.</summary>
public static class ComputeDevice
{
    /// <summary>Returns whether a kind of device would place tensors on a GPU.</summary>
    /// <exception cref="UserErrorException">The tensor engine cannot be loaded.</exception>
    public static bool IsGpu(DeviceKind kind)
    {
        TorchLibraries.Load();
        return kind != DeviceKind.Cpu && cuda.is_available();
    }

    /// <summary>Returns a line for a log, such as "TorchSharp 0.107.0 on the CPU", with the device actually used.</summary>
    internal static string Describe(DeviceKind kind)
    {
        var version = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? typeof(torch).Assembly.GetName().Version?.ToString(3);
        return $"TorchSharp {version} on {(Select(kind) ? "the GPU" : "the CPU")}";
    }

    /// <summary>Returns the device of a kind, and sets the number of threads of the tensor engine.</summary>
    /// <param name="kind">The requested kind.</param>
    /// <param name="threads">Threads of the tensor engine; 0 for one per processor.</param>
    /// <param name="precision">The precision of the networks.</param>
    /// <exception cref="UserErrorException">
    /// The tensor engine cannot be loaded, or a GPU was requested and there is none.
    /// </exception>
    public static Device Open(DeviceKind kind, int threads, Precision precision = Precision.Fp32)
    {
        var hasGpu = Select(kind);
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        if (hasGpu)
        {
            // By default, a GPU rounds the operands of convolutions to 11 bits, but fp32 must mean 32-bit floats.
            backends.cudnn.allow_tf32 = precision == Precision.Mixed;
        }

        return new Device(hasGpu ? DeviceType.CUDA : DeviceType.CPU);
    }

    // Whether a GPU is used; one that was requested explicitly must exist.
    private static bool Select(DeviceKind kind)
    {
        var hasGpu = IsGpu(kind);
        if (kind == DeviceKind.Cuda && !hasGpu)
        {
            throw new UserErrorException(TorchLibraries.HasCuda
                ? "The device cuda was requested, but TorchSharp finds no NVIDIA GPU that it can use; check the driver, or use "
                    + "the device cpu."
                : "The device cuda was requested, but this build has no CUDA libtorch, since it uses the package TorchSharp-cpu; "
                    + "use TorchSharp-cuda-linux instead (see docs/gpu.md), or the device cpu.");
        }

        return hasGpu;
    }
}
