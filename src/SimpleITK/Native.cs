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
    public Values Spacing;
    public Values Origin;
    public Matrix Direction;

    [InlineArray(MaxDimension)]
    public struct Sizes
    {
        private ulong _first;
    }

    [InlineArray(MaxDimension)]
    public struct Values
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
internal sealed class ImageHandle : SafeHandle
{
    public ImageHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>What the native image says of itself; valid while the handle is open.</summary>
    public ref readonly Header Header
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, typeof(Image));
            unsafe
            {
                return ref *Native.Header(this);
            }
        }
    }

    public uint[] Size
    {
        get
        {
            ref readonly var header = ref Header;
            ReadOnlySpan<ulong> sizes = header.Size;
            return [.. sizes[..header.Dimension].ToArray().Select(size => checked((uint)size))];
        }
    }

    public VectorDouble Spacing => Vector(Header.Spacing, Header.Dimension);

    public VectorDouble Origin => Vector(Header.Origin, Header.Dimension);

    public VectorDouble Direction => Vector(Header.Direction, Header.Dimension * Header.Dimension);

    /// <summary>The handle of a successful call; the exception of a failed one.</summary>
    public static ImageHandle Checked(ImageHandle result, string method) =>
        result.IsInvalid ? throw Native.Failure(method) : result;

    protected override bool ReleaseHandle()
    {
        Native.Delete(handle);
        return true;
    }

    private static VectorDouble Vector(ReadOnlySpan<double> values, int count) => new(values[..count].ToArray());
}

internal static unsafe partial class Native
{
    private const string Library = "SimpleITKCSharpNative";

    /// <summary>The exception for the native call that has just failed on this thread.</summary>
    public static ApplicationException Failure(string method) =>
        new($"Exception thrown in SimpleITK {method}: {Marshal.PtrToStringUTF8(Error())}");

    public static void Check(int result, string method)
    {
        if (result == 0)
            throw Failure(method);
    }

    [LibraryImport(Library, EntryPoint = "sitk_error")]
    private static partial nint Error();

    [LibraryImport(Library, EntryPoint = "sitk_set_warnings")]
    public static partial void SetWarnings(int on);

    [LibraryImport(Library, EntryPoint = "sitk_new")]
    public static partial ImageHandle New(int pixelId, uint components, int dimension, [In] uint[] size);

    [LibraryImport(Library, EntryPoint = "sitk_delete")]
    public static partial void Delete(nint image);

    [LibraryImport(Library, EntryPoint = "sitk_header")]
    public static partial Header* Header(ImageHandle image);

    [LibraryImport(Library, EntryPoint = "sitk_set_geometry")]
    public static partial int SetGeometry(ImageHandle image, int which, [In] double[] values, int count);

    [LibraryImport(Library, EntryPoint = "sitk_read", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ImageHandle Read(string path, string format, int pixelId, int informationOnly);

    [LibraryImport(Library, EntryPoint = "sitk_write", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Write(ImageHandle image, string path, int compress);
}
