using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

/// <summary>Says what to install where the native library, or one that it needs in turn, cannot be loaded.</summary>
internal static class NativeLibraryLoading
{
#pragma warning disable CA2255 // the assembly's first call into its library may come from any of its types
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoading).Assembly, Load);

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? path)
    {
        try
        {
            return NativeLibrary.Load(name, assembly, path);
        }
        catch (DllNotFoundException)
        {
            throw new DllNotFoundException(
                $"lib{name}.so or a library it needs cannot be loaded; it runs on Debian 12 (x64) with ITK's libraries, so run " +
                "as root: apt-get install --no-install-recommends libinsighttoolkit5.2");
        }
    }
}
