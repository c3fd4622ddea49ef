using System.Runtime.InteropServices;

namespace MkdSeg.Common;

/// <summary>Environment variables as native libraries see them.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable for libraries that read it later.</summary>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        // Outside Windows, that changes only .NET's copy; native libraries read the C library's.
        if (!OperatingSystem.IsWindows())
            _ = SetEnvironment(name, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
