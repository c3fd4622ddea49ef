using System.Runtime.InteropServices;

namespace TorchSharp.Internals;

/// <summary>What <c>ts_info</c> tells about a tensor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    public long Dimensions, Elements;
    public int Type, DeviceType, DeviceIndex;
    public byte RequiresGrad, IsLeaf, IsContiguous, HasGrad;
}

[StructLayout(LayoutKind.Sequential)]
internal struct AdamItem
{
    public nint Parameter, ExpAvg, ExpAvgSq, MaxExpAvgSq;
    public long Step;
}

[StructLayout(LayoutKind.Sequential)]
internal struct AdamSettings
{
    public double LearningRate, Beta1, Beta2, Eps, WeightDecay;
    public int Maximize;
}

/// <summary>The C functions of native/bridge.cpp, which stands beside this assembly.</summary>
internal static unsafe partial class Native
{
    private const string Library = "torchsharp_bridge";

    [LibraryImport(Library)] private static partial byte* ts_last_error();
    [LibraryImport(Library)] internal static partial byte* ts_version();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ts_find(string name, string overload);
    [LibraryImport(Library)]
    internal static partial int ts_call(
        nint op, NativeArgument* arguments, int count, NativeArgument* results, int capacity);
    [LibraryImport(Library)] internal static partial void ts_free(nint tensor);
    [LibraryImport(Library)] internal static partial void ts_info(nint tensor, TensorInfo* info);
    [LibraryImport(Library)] internal static partial void ts_sizes(nint tensor, long* sizes, long* strides);
    [LibraryImport(Library)] internal static partial nint ts_data(nint tensor);
    [LibraryImport(Library)] internal static partial int ts_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial nint ts_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int ts_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int ts_retain_grad(nint tensor);
    [LibraryImport(Library)]
    internal static partial int ts_backward(
        nint* tensors, long count, nint* grads, long gradCount, nint* inputs, long inputCount, int retain, int create);
    [LibraryImport(Library)]
    internal static partial int ts_autograd_grad(
        nint* outputs, long count, nint* inputs, long inputCount, nint* grads, long gradCount, int retain, int create,
        int allowUnused, nint* results);
    [LibraryImport(Library)] internal static partial int ts_grad_enabled();
    [LibraryImport(Library)] internal static partial void ts_set_grad_enabled(int value);
    [LibraryImport(Library)] internal static partial int ts_threads();
    [LibraryImport(Library)] internal static partial int ts_set_threads(int count);
    [LibraryImport(Library)] internal static partial int ts_cuda_devices();
    [LibraryImport(Library)] internal static partial int ts_cuda_synchronize(int index);
    [LibraryImport(Library)] internal static partial int ts_cudnn_tf32();
    [LibraryImport(Library)] internal static partial void ts_set_cudnn_tf32(int value);
    [LibraryImport(Library)] internal static partial int ts_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial nint ts_default_generator();
    [LibraryImport(Library)] internal static partial nint ts_new_generator(ulong seed);
    [LibraryImport(Library)] internal static partial void ts_free_generator(nint generator);
    [LibraryImport(Library)] internal static partial void ts_seed_generator(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial ulong ts_generator_seed(nint generator);
    [LibraryImport(Library)] internal static partial nint ts_generator_state(nint generator);
    [LibraryImport(Library)] internal static partial int ts_set_generator_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int ts_adam(AdamItem* items, long count, AdamSettings* settings);

    /// <summary>The exception that the real package throws for an error in libtorch.</summary>
    internal static ExternalException LastError() =>
        new(Marshal.PtrToStringUTF8((nint)ts_last_error()) ?? "unknown error in libtorch");

    internal static void Check(int status)
    {
        if (status < 0)
            throw LastError();
    }

    internal static nint Check(nint handle) => handle != 0 ? handle : throw LastError();
}
