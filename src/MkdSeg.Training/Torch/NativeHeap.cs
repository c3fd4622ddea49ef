using System.Runtime.InteropServices;

namespace MkdSeg.Training.Torch;

/// <summary>The C library's heap, where libtorch keeps tensors.</summary>
internal static partial class NativeHeap
{
    // mallopt's parameters and the largest mmap threshold that glibc accepts.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 << 20;

    /// <summary>
    /// Makes the heap keep memory that tensors free, for later tensors. By default, glibc returns large blocks to the system
    /// immediately, and an iteration spends as much time on mapping their pages again as on computing. Options that the user
    /// has set by environment variables are kept.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            Set("MALLOC_MMAP_THRESHOLD_", MmapThreshold, LargestMmapThreshold);
            Set("MALLOC_TRIM_THRESHOLD_", TrimThreshold, int.MaxValue);
            Set("MALLOC_TOP_PAD_", TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // musl's heap has no options.
        }
    }

    private static void Set(string variable, int parameter, int value)
    {
        if (Environment.GetEnvironmentVariable(variable) is null)
            _ = SetOption(parameter, value);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
