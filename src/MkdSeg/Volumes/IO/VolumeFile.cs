using System.Globalization;
using System.Runtime.InteropServices;
using itk.simple;

namespace MkdSeg.Volumes.IO;

/// <summary>
/// Reads volumes from NIfTI, NRRD, MetaImage, PNG and DICOM files and from folders that hold one DICOM series, and
/// writes NIfTI, NRRD and MetaImage. A two-dimensional image is a volume of one slice, four dimensions with one time
/// point are three. Every failure is a <see cref="UserErrorException"/> that names the file.
/// </summary>
public static partial class VolumeFile
{
    /// <summary>
    /// Intensities as real values, with the file's own scaling applied. Voxels that are not finite (NaN, ±∞) take the
    /// smallest finite value of the volume, which in CT and MR is background; in NIfTI files they are 0, since ITK's
    /// NIfTI reader replaces them itself.
    /// </summary>
    /// <param name="path">A file, or a folder with exactly one DICOM series.</param>
    /// <exception cref="UserErrorException">
    /// The volume cannot be read, is no single volume of scalars, or more than half of its voxels are not finite.
    /// </exception>
    public static Volume<float> ReadIntensities(string path) => Guarded(path, () =>
    {
        var source = VolumeSource.Open(path);
        var volume = new Volume<float>(source.Grid);
        using (var image = source.Read(PixelIDValueEnum.sitkFloat32))
        {
            Marshal.Copy(image.GetConstBufferAsFloat(), volume.Voxels, 0, volume.Voxels.Length);
        }

        ReplaceNonFinite(volume.Voxels, path);
        return volume;
    });

    /// <summary>Label values as the file has them, stored as any integers or as whole real numbers.</summary>
    /// <param name="path">A file, or a folder with exactly one DICOM series.</param>
    /// <exception cref="UserErrorException">
    /// The volume cannot be read, is no single volume of scalars, or holds a value that is not a whole number from 0
    /// to 65535.
    /// </exception>
    public static Volume<ushort> ReadLabels(string path) => Guarded(path, () =>
    {
        var source = VolumeSource.Open(path);
        var volume = new Volume<ushort>(source.Grid);
        var type = source.PixelType;
        if (type == PixelIDValueEnum.sitkUInt8 || type == PixelIDValueEnum.sitkUInt16)
        {
            using var image = source.Read(PixelIDValueEnum.sitkUInt16);
            // The runtime takes an array of one signedness for the other; Marshal has no overload for ushort.
            Marshal.Copy(image.GetConstBufferAsUInt16(), (short[])(object)volume.Voxels, 0, volume.Voxels.Length);
            return volume;
        }

        // Doubles hold every value that could be a label exactly; 64-bit integers beyond 2^53 are none.
        using var wide = source.Read(PixelIDValueEnum.sitkFloat64);
        var buffer = wide.GetConstBufferAsDouble();
        var values = new double[volume.Grid.Size.SliceLength];
        for (var z = 0; z < volume.Grid.Size.Z; z++)
        {
            Marshal.Copy(buffer + (nint)((long)z * values.Length * sizeof(double)), values, 0, values.Length);
            ToLabels(values, volume.Slice(z), path);
        }

        return volume;
    });

    /// <summary>What the file says about itself; voxels are not read.</summary>
    /// <param name="path">A file, or a folder with exactly one DICOM series.</param>
    /// <exception cref="UserErrorException">The header cannot be read or is not that of a single volume.</exception>
    public static VolumeHeader ReadHeader(string path) => Guarded(path, () => VolumeSource.Open(path).ToHeader());

    // A volume that is mostly NaN is broken; a few (a resampling's border, a division by zero) are not worth a refusal.
    private static void ReplaceNonFinite(float[] voxels, string path)
    {
        var minimum = float.PositiveInfinity;
        long count = 0;
        foreach (var value in voxels)
        {
            if (!float.IsFinite(value))
            {
                count++;
            }
            else if (value < minimum)
            {
                minimum = value;
            }
        }

        if (count > voxels.LongLength / 2)
        {
            throw new UserErrorException(
                $"{count} of the {voxels.LongLength} voxels of '{path}' are not finite numbers; at most half may be: "
                + "check how the file was made.");
        }

        if (count == 0)
        {
            return;
        }

        foreach (ref var value in voxels.AsSpan())
        {
            if (!float.IsFinite(value))
            {
                value = minimum;
            }
        }
    }

    private static void ToLabels(ReadOnlySpan<double> values, Span<ushort> labels, string path)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            labels[i] = value >= 0 && value <= ushort.MaxValue && value == Math.Floor(value)
                ? (ushort)value
                : throw new UserErrorException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The label file '{path}' holds the value {value}; labels are whole numbers from 0 to 65535: ")
                    + "check that it is a label file and not an image.");
        }
    }

    /// <summary>Turns what the file system and SimpleITK throw into one sentence about the file.</summary>
    private static T Guarded<T>(string path, Func<T> action)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return action();
        }
        catch (Exception e) when (e is ApplicationException or NotSupportedException or IOException
                                      or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            throw new UserErrorException($"'{path}' cannot be used as a volume: {Reason(e)}", e);
        }
    }

    private static string Reason(Exception e)
    {
        if (e.Message.Contains("orthonormal", StringComparison.Ordinal))
        {
            return "its sform has sheared axes and it has no qform, while axes at right angles are expected; "
                + "resample it onto a grid with right angles.";
        }

        var words = e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var text = string.Join(' ', words);
        var start = text.LastIndexOf("ERROR: ", StringComparison.Ordinal);
        text = (start < 0 ? text : text[(start + "ERROR: ".Length)..]).TrimEnd('.', '!');
        return $"{text}; a complete NIfTI, NRRD, MetaImage, PNG or DICOM file is expected.";
    }
}
