using System.Runtime.InteropServices;

namespace MkdSeg.Training.Torch;

/// <summary>The C library's heap, where libtorch keeps tensors.</summary>
internal static partial class NativeHeap
{
    // mallopt's parameters and the largest value that glibc takes for the second.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 << 20;

    /// <summary>
    /// Makes the heap keep what tensors give back, for the next ones. By default glibc returns large blocks to the system at
    /// once, and an iteration spends as much time on having their pages mapped anew as on computing.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = SetOption(MmapThreshold, LargestMmapThreshold);
            _ = SetOption(TrimThreshold, int.MaxValue);
            _ = SetOption(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // musl's heap has no options.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
