using System.Runtime.InteropServices;

namespace MkdSeg.Common;

/// <summary>Returns free memory to the system: for processes that wait a long time between large pieces of work.</summary>
internal static partial class FreeMemory
{
    /// <summary>Compacts the .NET heap and trims the C library's heap, which retains memory freed by native code.</summary>
    public static void Return()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not the GNU C library.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
