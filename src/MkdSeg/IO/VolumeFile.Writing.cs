using System.Runtime.InteropServices;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Volumes;
using itk.simple;

namespace MkdSeg.IO;

public static partial class VolumeFile
{
    private static readonly string[] WrittenSuffixes = [".nii", ".nii.gz", ".nrrd", ".mha"];

    /// <summary>Writes intensities as 32-bit floats.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="path">
    /// A name that ends in .nii, .nii.gz (compressed), .nrrd or .mha. The file appears under it when it is complete;
    /// the folder is made where it is missing, an existing file is replaced.
    /// </param>
    /// <exception cref="UserErrorException">Another suffix, or the folder cannot be written.</exception>
    public static void Write(Volume<float> volume, string path) => Write(
        volume,
        path,
        PixelIDValueEnum.sitkFloat32,
        image => Marshal.Copy(volume.Voxels, 0, image.GetBufferAsFloat(), volume.Voxels.Length));

    /// <summary>Writes label values as unsigned 16-bit integers; see the overload for intensities.</summary>
    /// <exception cref="UserErrorException">Another suffix, or the folder cannot be written.</exception>
    public static void Write(Volume<ushort> volume, string path) => Write(
        volume,
        path,
        PixelIDValueEnum.sitkUInt16,
        image => Marshal.Copy(
            (short[])(object)volume.Voxels, 0, image.GetBufferAsUInt16(), volume.Voxels.Length));

    /// <summary>Writes class indices as unsigned bytes; see the overload for intensities.</summary>
    /// <exception cref="UserErrorException">Another suffix, or the folder cannot be written.</exception>
    public static void Write(Volume<byte> volume, string path) => Write(
        volume,
        path,
        PixelIDValueEnum.sitkUInt8,
        image => Marshal.Copy(volume.Voxels, 0, image.GetBufferAsUInt8(), volume.Voxels.Length));

    /// <summary>
    /// Writes a mask with the values of a label set as unsigned 16-bit integers; as NIfTI without a copy of the volume. See
    /// the overload for intensities.
    /// </summary>
    /// <exception cref="UserErrorException">Another suffix, or the folder cannot be written.</exception>
    /// <exception cref="ArgumentException">A class index that the label set does not have.</exception>
    public static void WriteLabels(Volume<byte> classes, LabelSet labels, string path)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!NiftiSource.HasName(path))
        {
            Write(labels.ToValues(classes), path);
            return;
        }

        var values = new ushort[classes.Grid.Size.SliceLength];
        Guarded(path, () => AtomicFile.Write(path, temporary => NiftiWriter.Write<ushort>(
            classes.Grid,
            temporary,
            IsCompressed(path),
            z =>
            {
                labels.ToValues(classes.Slice(z), values);
                return values;
            })));
    }

    /// <summary>Class indices as the bytes of a compressed NIfTI file.</summary>
    /// <exception cref="UserErrorException">More voxels along an axis than the format can say.</exception>
    public static byte[] ToNifti(Volume<byte> volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return NiftiWriter.Compress(volume, slope: 1, intercept: 0);
    }

    /// <summary>Scaled values as the bytes of a compressed NIfTI file: readers get slope × voxel + intercept.</summary>
    /// <param name="volume">The voxels.</param>
    /// <param name="slope">What readers multiply by.</param>
    /// <param name="intercept">What they add then.</param>
    /// <exception cref="UserErrorException">More voxels along an axis than the format can say.</exception>
    public static byte[] ToNifti(Volume<short> volume, double slope, double intercept)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return NiftiWriter.Compress(volume, slope, intercept);
    }

    /// <summary>Turns what a writer throws into one sentence about the file.</summary>
    internal static void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        // .NET's name for a file that grows beyond what the system allows it is an argument out of range.
        catch (Exception e) when (e is ApplicationException or IOException or UnauthorizedAccessException
                                      or ArgumentOutOfRangeException)
        {
            var reason = WithoutParameter(e).ReplaceLineEndings(" ");
            // The temporary name in the system's words tells the user nothing.
            var mark = reason.IndexOf(" : '", StringComparison.Ordinal);
            throw new UserErrorException(
                $"'{path}' cannot be written: {(mark < 0 ? reason : reason[..mark]).TrimEnd('.')}; check that there is "
                + "space and that the folder may be written.",
                e);
        }
    }

    private static void Write<T>(Volume<T> volume, string path, PixelIDValueEnum type, Action<Image> fill)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var name = Path.GetFileName(path);
        if (!Array.Exists(WrittenSuffixes, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UserErrorException(
                $"'{path}' cannot be written: its name ends in none of {string.Join(", ", WrittenSuffixes)}.");
        }

        if (NiftiSource.HasName(path))
        {
            Guarded(path, () => AtomicFile.Write(
                path, temporary => NiftiWriter.Write(volume, temporary, IsCompressed(path))));
            return;
        }

        Guarded(path, () =>
        {
            using var image = ToImage(volume.Grid, type);
            fill(image);
            AtomicFile.Write(path, temporary => SimpleITK.WriteImage(image, temporary, false));
        });
    }

    private static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static Image ToImage(Grid grid, PixelIDValueEnum type)
    {
        using var size = new VectorUInt32(new[] { (uint)grid.Size.X, (uint)grid.Size.Y, (uint)grid.Size.Z });
        using var spacing = new VectorDouble(new[] { grid.SpacingMm.X, grid.SpacingMm.Y, grid.SpacingMm.Z });
        using var origin = new VectorDouble(new[] { grid.OriginMm.X, grid.OriginMm.Y, grid.OriginMm.Z });
        using var direction = new VectorDouble(grid.Direction.ToRowMajor());
        var image = new Image(size, type);
        image.SetSpacing(spacing);
        image.SetOrigin(origin);
        image.SetDirection(direction);
        return image;
    }
}
