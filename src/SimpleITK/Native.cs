using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace itk.simple;

/// <summary>The layout of `Header` in native/image.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Header
{
    public const int MaxDimension = 5;

    public int Dimension;
    public int PixelId;
    public uint Components;
    public uint Reserved;
    public ulong Bytes;
    public nint Data;
    public Sizes Size;
    public Values Spacing;
    public Values Origin;
    public Matrix Direction;

    [InlineArray(MaxDimension)]
    public struct Sizes
    {
        private ulong first;
    }

    [InlineArray(MaxDimension)]
    public struct Values
    {
        private double first;
    }

    [InlineArray(MaxDimension * MaxDimension)]
    public struct Matrix
    {
        private double first;
    }
}

/// <summary>Owns a native image and tells the garbage collector of its size.</summary>
internal sealed class ImageHandle : SafeHandle
{
    private long pressure;

    public ImageHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Where the native object says what it is; valid while the handle is open.</summary>
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

    /// <summary>The handle of a successful call; the exception for a failed one.</summary>
    public static ImageHandle Checked(ImageHandle result, string method)
    {
        if (result.IsInvalid)
            throw Native.Failure(method);
        result.pressure = (long)result.Header.Bytes;
        if (result.pressure > 0)
            GC.AddMemoryPressure(result.pressure);
        return result;
    }

    protected override bool ReleaseHandle()
    {
        Native.Delete(handle);
        if (pressure > 0)
            GC.RemoveMemoryPressure(pressure);
        return true;
    }
}

internal static unsafe partial class Native
{
    private const string Library = "SimpleITKCSharpNative";

    /// <summary>The exception for the native call that has just failed on this thread.</summary>
    public static Exception Failure(string method)
    {
        var what = Marshal.PtrToStringUTF8(Error(out var unsupported)) ?? string.Empty;
        return unsupported != 0
            ? new NotSupportedException($"SimpleITK's {method} is not supported by this bridge over ITK 5 for {what}.")
            : new ApplicationException($"Exception thrown in SimpleITK {method}: {what}");
    }

    public static void Check(int result, string method)
    {
        if (result == 0)
            throw Failure(method);
    }

    /// <summary>The strings of a native answer, each of which ends with a NUL.</summary>
    public static string[] Strings(nint text, long length, string method)
    {
        if (text == 0)
            throw Failure(method);
        return length == 0
            ? []
            : Encoding.UTF8.GetString((byte*)text, checked((int)length - 1)).Split('\0');
    }

    [LibraryImport(Library, EntryPoint = "sitk_error")]
    private static partial nint Error(out int unsupported);

    [LibraryImport(Library, EntryPoint = "sitk_set_threads")]
    public static partial void SetThreads(uint n);

    [LibraryImport(Library, EntryPoint = "sitk_get_threads")]
    public static partial uint GetThreads();

    [LibraryImport(Library, EntryPoint = "sitk_set_warnings")]
    public static partial void SetWarnings(int on);

    [LibraryImport(Library, EntryPoint = "sitk_get_warnings")]
    public static partial int GetWarnings();

    [LibraryImport(Library, EntryPoint = "sitk_new")]
    public static partial ImageHandle New(int pixelId, uint components, int dimension, [In] uint[] size);

    [LibraryImport(Library, EntryPoint = "sitk_copy")]
    public static partial ImageHandle Copy(ImageHandle image);

    [LibraryImport(Library, EntryPoint = "sitk_delete")]
    public static partial void Delete(nint image);

    [LibraryImport(Library, EntryPoint = "sitk_header")]
    public static partial Header* Header(ImageHandle image);

    [LibraryImport(Library, EntryPoint = "sitk_set_geometry")]
    public static partial int SetGeometry(ImageHandle image, int which, [In] double[] values, int count);

    [LibraryImport(Library, EntryPoint = "sitk_meta_keys")]
    public static partial nint MetaKeys(ImageHandle image, int slice, out long length);

    [LibraryImport(Library, EntryPoint = "sitk_meta_has", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MetaHas(ImageHandle image, int slice, string key);

    [LibraryImport(Library, EntryPoint = "sitk_meta_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint MetaGet(ImageHandle image, int slice, string key, out long length);

    [LibraryImport(Library, EntryPoint = "sitk_meta_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void MetaSet(ImageHandle image, string key, string value);

    [LibraryImport(Library, EntryPoint = "sitk_meta_erase", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MetaErase(ImageHandle image, string key);

    [LibraryImport(Library, EntryPoint = "sitk_read", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ImageHandle Read(string path, string format, int pixelId, int informationOnly);

    [LibraryImport(Library, EntryPoint = "sitk_read_series", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ImageHandle ReadSeries([In] string[] paths, int count, string format, int pixelId);

    [LibraryImport(Library, EntryPoint = "sitk_slice_dictionaries")]
    public static partial ImageHandle SliceDictionaries(ImageHandle image);

    [LibraryImport(Library, EntryPoint = "sitk_write", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Write(ImageHandle image, string path, string format, int compress, int level);

    [LibraryImport(Library, EntryPoint = "sitk_series_ids", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SeriesIds(string folder, int details, out long length);

    [LibraryImport(Library, EntryPoint = "sitk_series_files", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SeriesFiles(
        string folder, string id, int details, int recursive, int loadSequences, out long length);

    [LibraryImport(Library, EntryPoint = "sitk_cast")]
    public static partial ImageHandle Cast(ImageHandle image, int pixelId);

    [LibraryImport(Library, EntryPoint = "sitk_resample")]
    public static partial ImageHandle Resample(
        ImageHandle image, in Header grid, int interpolator, double fill, int pixelId, int extrapolate);

    [LibraryImport(Library, EntryPoint = "sitk_orient", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ImageHandle Orient(ImageHandle image, string orientation);

    [LibraryImport(Library, EntryPoint = "sitk_region")]
    public static partial ImageHandle Region(ImageHandle image, [In] uint[] size, [In] int[] index);

    [LibraryImport(Library, EntryPoint = "sitk_components")]
    public static partial ImageHandle Components(ImageHandle image, int fully, out uint count);

    [LibraryImport(Library, EntryPoint = "sitk_relabel")]
    public static partial ImageHandle Relabel(
        ImageHandle image, ulong minimum, int sort, uint* counts, out nint sizes, out long length);

    [LibraryImport(Library, EntryPoint = "sitk_maurer")]
    public static partial ImageHandle Maurer(
        ImageHandle image, int insidePositive, int squared, int spacing, double background);

    [LibraryImport(Library, EntryPoint = "sitk_threshold")]
    public static partial ImageHandle Threshold(
        ImageHandle image, double lower, double upper, byte inside, byte outside);

    [LibraryImport(Library, EntryPoint = "sitk_fillhole")]
    public static partial ImageHandle FillHole(ImageHandle image, int fully, double foreground);
}
