using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using MkdSeg.Datasets;

namespace MkdSeg.IO;

public static partial class VolumeFile
{
    private static readonly string[] WrittenSuffixes = [".nii", ".nii.gz", ".nrrd", ".mha"];

    /// <summary>Writes intensities as 32-bit floats.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="path">
    /// A name that ends in .nii, .nii.gz (compressed), .nrrd or .mha. The file appears under this name once it is complete;
    /// a missing folder is created, and an existing file is replaced.
    /// </param>
    /// <exception cref="UserErrorException">The suffix is not supported, or the folder is not writable.</exception>
    public static void Write(Volume<float> volume, string path) => WriteVolume(volume, VoxelType.Float32, path);

    /// <summary>Writes label values as unsigned 16-bit integers; see the overload for intensities.</summary>
    /// <exception cref="UserErrorException">The suffix is not supported, or the folder is not writable.</exception>
    public static void Write(Volume<ushort> volume, string path) => WriteVolume(volume, VoxelType.UInt16, path);

    /// <summary>Writes class indices as unsigned bytes; see the overload for intensities.</summary>
    /// <exception cref="UserErrorException">The suffix is not supported, or the folder is not writable.</exception>
    public static void Write(Volume<byte> volume, string path) => WriteVolume(volume, VoxelType.UInt8, path);

    /// <summary>
    /// Writes a mask with the values of a label set as unsigned 16-bit integers, without copying the volume. See the overload
    /// for intensities.
    /// </summary>
    /// <exception cref="UserErrorException">The suffix is not supported, or the folder is not writable.</exception>
    /// <exception cref="ArgumentException">A class index is not in the label set.</exception>
    public static void WriteLabels(Volume<byte> classes, LabelSet labels, string path)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(labels);
        var values = new ushort[classes.Grid.Size.SliceLength];
        Write<ushort>(classes.Grid, VoxelType.UInt16, path, z =>
        {
            labels.ToValues(classes.Slice(z), values);
            return values;
        });
    }

    /// <summary>Returns class indices as the bytes of a compressed NIfTI file.</summary>
    /// <exception cref="UserErrorException">There are more voxels along an axis than the format allows.</exception>
    public static byte[] ToNifti(Volume<byte> volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return NiftiWriter.Compress(volume, slope: 1, intercept: 0);
    }

    /// <summary>Returns scaled values as the bytes of a compressed NIfTI file: readers get slope × voxel + intercept.</summary>
    /// <param name="volume">The voxels.</param>
    /// <param name="slope">The factor by which readers multiply.</param>
    /// <param name="intercept">The value that readers then add.</param>
    /// <exception cref="UserErrorException">There are more voxels along an axis than the format allows.</exception>
    public static byte[] ToNifti(Volume<short> volume, double slope, double intercept)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return NiftiWriter.Compress(volume, slope, intercept);
    }

    /// <summary>Converts a writer's exceptions into one sentence about the file.</summary>
    internal static void TranslateErrors(string path, Action write)
    {
        try
        {
            write();
        }
        // .NET reports a file that exceeds the system's size limit as an argument out of range.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
                                      or ArgumentOutOfRangeException)
        {
            var reason = WithoutParameter(e).ReplaceLineEndings(" ");
            // The temporary name in the system's message means nothing to the user.
            var mark = reason.IndexOf(" : '", StringComparison.Ordinal);
            throw new UserErrorException(
                $"'{path}' cannot be written: {(mark < 0 ? reason : reason[..mark]).TrimEnd('.')}; check that there is "
                + "space and that the folder is writable.",
                e);
        }
    }

    private static void WriteVolume<T>(Volume<T> volume, VoxelType type, string path)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(volume);
        Write<T>(volume.Grid, type, path, volume.Slice);
    }

    private static void Write<T>(Grid grid, VoxelType type, string path, Func<int, Span<T>> slice)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Built before the file is created, so that errors leave no file.
        var name = Path.GetFileName(path).ToLowerInvariant();
        var header = Array.Find(WrittenSuffixes, name.EndsWith) switch
        {
            ".nii" or ".nii.gz" => NiftiWriter.Header<T>(grid),
            ".nrrd" => Encoding.UTF8.GetBytes(NrrdFile.Header(grid, type, "raw")),
            ".mha" => Encoding.ASCII.GetBytes(MetaImageFile.Header(grid, type)),
            _ => throw new UserErrorException(
                $"'{path}' cannot be written: its name must end in one of {string.Join(", ", WrittenSuffixes)}."),
        };
        TranslateErrors(path, () => AtomicFile.Write(path, temporary =>
        {
            using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
            // Masks compress well at any level, noise at none.
            using var packed = name.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)
                : null;
            Stream stream = packed is null ? file : packed;
            stream.Write(header);
            for (var z = 0; z < grid.Size.Z; z++)
                stream.Write(MemoryMarshal.AsBytes(slice(z)));
        }));
    }
}
