using System.Runtime.InteropServices;

namespace MkdSeg.Common;

/// <summary>Gives memory that is free back to the system: for processes that wait long between large pieces of work.</summary>
internal static partial class FreeMemory
{
    /// <summary>Empties the heap of .NET and that of the C library, which keeps what native code has freed.</summary>
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
