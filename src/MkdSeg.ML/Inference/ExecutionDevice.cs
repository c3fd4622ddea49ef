using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using MkdSeg.Common;

namespace MkdSeg.ML.Inference;

/// <summary>Opens sessions on the device that was asked for.</summary>
internal static class ExecutionDevice
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Opens a session and says where it runs: "cpu" or "cuda:N".</summary>
    /// <param name="model">The content of an ONNX file.</param>
    /// <param name="name">What messages call the network.</param>
    /// <param name="options">The device.</param>
    /// <param name="operatorThreads">Threads that share each operator on the CPU; 0 for one per core.</param>
    /// <exception cref="UserErrorException">
    /// An unknown device, CUDA that was asked for by name and is not there, or bytes that are no model.
    /// </exception>
    public static (InferenceSession Session, string Device) Open(
        byte[] model, string name, InferenceOptions options, int operatorThreads)
    {
        var cuda = ParseCudaIndex(options.Device);
        var isAuto = options.Device == "auto";
        if (cuda is not { } index)
            return (Create(model, name, operatorThreads, null), "cpu");
        var providers = OrtEnv.Instance().GetAvailableProviders();
        if (providers.Contains(CudaProvider))
        {
            try
            {
                return (Create(model, name, operatorThreads, index), $"cuda:{index}");
            }
            catch (OnnxRuntimeException error) when (!isAuto)
            {
                throw new UserErrorException(
                    $"The device '{options.Device}' was asked for, but ONNX Runtime could not use it "
                    + $"({FirstLine(error)}); check the driver and the CUDA libraries, or use the device cpu or auto.",
                    error);
            }
            catch (OnnxRuntimeException)
            {
                // "auto" promises a device that works: go on with the CPU.
            }
        }

        Require(options);
        return (Create(model, name, operatorThreads, null), "cpu");
    }

    /// <summary>Looks, before any work is done, whether ONNX Runtime has what a device asked for by name needs.</summary>
    /// <exception cref="UserErrorException">An unknown device, or CUDA that is not there.</exception>
    public static void Require(InferenceOptions options)
    {
        if (ParseCudaIndex(options.Device) is null || options.Device == "auto")
            return;
        var providers = OrtEnv.Instance().GetAvailableProviders();
        if (!providers.Contains(CudaProvider))
        {
            throw new UserErrorException(
                $"The device '{options.Device}' was asked for, but this ONNX Runtime offers only "
                + $"{string.Join(", ", providers)}; install its CUDA provider (package "
                + "Microsoft.ML.OnnxRuntime.Gpu), or use the device cpu or auto.");
        }
    }

    /// <summary>The GPU's index for "auto", "cuda" and "cuda:N", null for "cpu".</summary>
    internal static int? ParseCudaIndex(string device) => device switch
    {
        "cpu" => null,
        "auto" or "cuda" => 0,
        _ when device is not null && device.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) => index,
        _ => throw new UserErrorException(
            $"The device '{device}' is unknown; write auto, cpu, cuda or cuda:N with N the number of the GPU."),
    };

    private static InferenceSession Create(byte[] model, string name, int threads, int? cuda)
    {
        using var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Else a session's threads spin on for a while after each run, in the way of the next network's and of our own.
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
