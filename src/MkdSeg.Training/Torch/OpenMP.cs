using System.Runtime.InteropServices;

namespace MkdSeg.Training.Torch;

/// <summary>Settings of GNU OpenMP, which libtorch computes with. It reads them when it is loaded.</summary>
internal static partial class OpenMP
{
    /// <summary>Makes idle threads sleep soon, so that others get the cores; the user's setting stays.</summary>
    public static void ShortenSpinning()
    {
        // Environment.SetEnvironmentVariable changes .NET's copy only; native libraries read the C library's.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            _ = SetEnvironment("GOMP_SPINCOUNT", "2500", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
