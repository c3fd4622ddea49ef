using System.Reflection;
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

    /// <summary>One line for a log: "TorchSharp 0.107.0 on the CPU", with the device that is really used.</summary>
    internal static string Describe(DeviceKind kind)
    {
        var version = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? typeof(torch).Assembly.GetName().Version?.ToString(3);
        return $"TorchSharp {version} on {(Select(kind) ? "the GPU" : "the CPU")}";
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
        var hasGpu = Select(kind);
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        if (hasGpu)
        {
            // A GPU would round what it convolves to 11 bits unless told otherwise: fp32 is to mean 32-bit floats.
            backends.cudnn.allow_tf32 = precision == Precision.Mixed;
        }

        return new Device(hasGpu ? DeviceType.CUDA : DeviceType.CPU);
    }

    // Whether a GPU is used; one that was asked for by name has to be there.
    private static bool Select(DeviceKind kind)
    {
        var hasGpu = IsGpu(kind);
        if (kind == DeviceKind.Cuda && !hasGpu)
        {
            throw new UserErrorException(TorchLibraries.HasCuda
                ? "The device cuda was asked for, but TorchSharp finds no NVIDIA GPU that it can use; check the driver, or use the "
                    + "device cpu."
                : "The device cuda was asked for, but this build has no CUDA libtorch, since it uses the package TorchSharp-cpu; "
                    + "use TorchSharp-cuda-linux instead (docs/gpu.md says how), or the device cpu.");
        }

        return hasGpu;
    }
}
