using System.Runtime.InteropServices;

namespace MkdSeg.Training.Torch;

/// <summary>Settings of GNU OpenMP, which libtorch computes with. It reads them when it is loaded.</summary>
internal static partial class OpenMP
{
    /// <summary>
    /// Makes idle threads sleep soon instead of spinning for milliseconds, in which another program's threads, or another
    /// training's, could do their work. What the user has set stays.
    /// </summary>
    public static void ShortenSpinning()
    {
        // Environment.SetEnvironmentVariable changes .NET's copy only; native libraries read the C library's.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            _ = SetEnvironment("GOMP_SPINCOUNT", "2500", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
