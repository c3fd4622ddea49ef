using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace itk.simple;

/// <summary>The layout of `Header` in native/image.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Header
{
    private const int MaxDimension = 5;

    public int Dimension;
    public int PixelId;
    public uint Components;
    public uint Reserved;
    public nint Data;
    public Sizes Size;
    public Lengths Spacing;
    public Lengths Origin;
    public Matrix Direction;

    [InlineArray(MaxDimension)]
    public struct Sizes
    {
        private ulong _first;
    }

    [InlineArray(MaxDimension)]
    public struct Lengths
    {
        private double _first;
    }

    [InlineArray(MaxDimension * MaxDimension)]
    public struct Matrix
    {
        private double _first;
    }
}

/// <summary>Owns a native image.</summary>
internal sealed class ImageHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>The header of the native image; valid while the handle is open.</summary>
    public unsafe ref readonly Header Header
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, typeof(Image));
            return ref *Native.Header(this);
        }
    }

    protected override bool ReleaseHandle()
    {
        Native.Delete(handle);
        return true;
    }
}

internal static unsafe partial class Native
{
    private const string Library = "SimpleITKCSharpNative";

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Load);

    /// <summary>Returns the error message of the call that has just failed on this thread.</summary>
    [LibraryImport(Library, EntryPoint = "sitk_error")]
    public static partial nint Error();

    [LibraryImport(Library, EntryPoint = "sitk_delete")]
    public static partial void Delete(nint image);

    [LibraryImport(Library, EntryPoint = "sitk_header")]
    public static partial Header* Header(ImageHandle image);

    [LibraryImport(Library, EntryPoint = "sitk_read", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ImageHandle Read(string path, string format);

    // Reports what to install if the library or one of its dependencies cannot be loaded.
    private static nint Load(string name, Assembly assembly, DllImportSearchPath? path) =>
        NativeLibrary.TryLoad(name, assembly, path, out var library) ? library : throw new DllNotFoundException(
            $"lib{name}.so or a library it needs cannot be loaded; it runs on Debian 12 (x64) with ITK's libraries, so "
            + "run as root: apt-get install --no-install-recommends libinsighttoolkit5.2");
}
