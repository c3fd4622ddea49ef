using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace MkdSeg.ML.Inference;

/// <summary>The engines that run networks: their versions, and the device they actually use.</summary>
public static class Engines
{
    private const string CudaProvider = "CUDAExecutionProvider";

    // An ONNX model of a single Relu, to see where ONNX Runtime places the work.
    private const string ProbeModel =
        "CAg6NwoMCgF4EgF5IgRSZWx1EgVwcm9iZVoPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCAhAN";

    // Must run before any session: since version 1.29, ONNX Runtime reports every model and process that it runs to its vendor
    // and stores an identifier in the user's cache, unless this is set when it starts.
    static Engines()
    {
        NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
        var environment = OrtEnv.Instance();
        environment.DisableTelemetryEvents();
        OnnxRuntimeVersion = environment.GetVersionString();
    }

    /// <summary>Version of the ML.NET assembly in use, such as "5.0.1".</summary>
    public static string MlNetVersion { get; } = LibraryVersion.Of(typeof(MLContext));

    /// <summary>Version of the native ONNX Runtime library in use, such as "1.31.1".</summary>
    public static string OnnxRuntimeVersion { get; }

    /// <summary>
    /// Returns one line for a log: "ML.NET 5.0.1, ONNX Runtime 1.31.1 on the CPU". The device is tested, because ONNX Runtime
    /// silently falls back to the CPU.
    /// </summary>
    /// <param name="options">The requested device; null for the first working GPU, otherwise the CPU.</param>
    /// <exception cref="UserErrorException">The device is unknown, or CUDA was requested by name and cannot be used.</exception>
    public static string Describe(InferenceOptions? options = null)
    {
        var device = DeviceFor(options ?? InferenceOptions.Default);
        return $"ML.NET {MlNetVersion}, ONNX Runtime {OnnxRuntimeVersion} on "
            + (device == "cpu" ? "the CPU" : $"the GPU {device}");
    }

    /// <summary>Returns where networks will actually run: "cpu" or "cuda:N".</summary>
    internal static string DeviceFor(InferenceOptions options)
    {
        var (session, device) = Open(Convert.FromBase64String(ProbeModel), "The probe", options, operatorThreads: 1);
        session.Dispose();
        return device;
    }

    /// <summary>Opens a session and returns where it actually runs ("cpu", "cuda:N"); 0 threads means one per core.</summary>
    internal static (InferenceSession Session, string Device) Open(
        byte[] model, string name, InferenceOptions options, int operatorThreads)
    {
        if (ParseCudaIndex(options.Device) is not { } index)
            return (Create(model, name, operatorThreads, null), "cpu");
        var isAuto = options.Device == "auto";
        Require(options);
        if (OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider))
        {
            try
            {
                var session = Create(model, name, operatorThreads, index);
                if (RunsOnGpu(session))
                    return (session, $"cuda:{index}");
                session.Dispose();
                if (!isAuto)
                {
                    throw new UserErrorException(
                        $"The device '{options.Device}' was requested, but ONNX Runtime fell back to the CPU; check the driver "
                        + "and the CUDA and cuDNN libraries, or use the device cpu or auto.");
                }
            }
            catch (OnnxRuntimeException error) when (!isAuto)
            {
                throw new UserErrorException(
                    $"The device '{options.Device}' was requested, but ONNX Runtime could not use it "
                    + $"({FirstLine(error)}); check the driver and the CUDA libraries, or use the device cpu or auto.",
                    error);
            }
            catch (OnnxRuntimeException)
            {
                // "auto" promises a working device: continue on the CPU.
            }
        }

        return (Create(model, name, operatorThreads, null), "cpu");
    }

    /// <summary>Checks, before any work, that ONNX Runtime has what a device requested by name needs.</summary>
    internal static void Require(InferenceOptions options)
    {
        if (ParseCudaIndex(options.Device) is null || options.Device == "auto")
            return;
        var providers = OrtEnv.Instance().GetAvailableProviders();
        if (!providers.Contains(CudaProvider))
        {
            throw new UserErrorException(
                $"The device '{options.Device}' was requested, but this ONNX Runtime offers only "
                + $"{string.Join(", ", providers)}; install its CUDA provider (package "
                + "Microsoft.ML.OnnxRuntime.Gpu), or use the device cpu or auto.");
        }
    }

    /// <summary>Returns the GPU's index for "auto", "cuda" and "cuda:N"; null for "cpu".</summary>
    internal static int? ParseCudaIndex(string device) => device switch
    {
        "cpu" => null,
        "auto" or "cuda" => 0,
        _ when device is not null && device.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => index,
        _ => throw new UserErrorException(
            $"The device '{device}' is unknown; write auto, cpu, cuda or cuda:N with N the number of the GPU."),
    };

    /// <summary>Returns whether the nodes that receive a session's inputs were placed on a GPU.</summary>
    internal static bool RunsOnGpu(InferenceSession session)
    {
        using var inputs = session.GetMemoryInfosForInputs();
        return inputs.Any(memory => memory.Name.StartsWith("Cuda", StringComparison.OrdinalIgnoreCase));
    }

    private static InferenceSession Create(byte[] model, string name, int threads, int? cuda)
    {
        using var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Otherwise a session's threads keep spinning for a while after each run and compete with the next network's and our own.
        session.AddSessionConfigEntry("session.force_spinning_stop", "1");
        if (cuda is { } index)
            session.AppendExecutionProvider_CUDA(index);
        try
        {
            return new InferenceSession(model, session);
        }
        catch (OnnxRuntimeException error) when (cuda is null)
        {
            throw new UserErrorException(
                $"{name} could not be loaded as an ONNX model ({FirstLine(error)}); export it again.", error);
        }
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].Trim().TrimEnd('.');
}
