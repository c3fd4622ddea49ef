using MkdSeg.IO.Dicom;

namespace MkdSeg.IO;

/// <summary>
/// Reads volumes from NIfTI, NRRD, MetaImage, PNG and DICOM files and from DICOM series, and writes NIfTI, NRRD and
/// MetaImage. A two-dimensional image is a volume with one slice; four dimensions with one time point are treated as three.
/// Every failure is a <see cref="UserErrorException"/> that names the file.
/// </summary>
public static partial class VolumeFile
{
    private const long LargestUnsuspected = 1L << 29;
    private const int GreatestRatio = 200;
    private const int LongestReason = 250;

    /// <summary>
    /// Reads intensities as real values, with the file's own scaling applied. Voxels that are not finite (NaN, ±∞) are set
    /// to the smallest finite value of the volume, which is background in CT and MR.
    /// </summary>
    /// <param name="path">
    /// A file, a folder with exactly one DICOM series of a scan in its tree, or <see cref="DicomSeries.Path"/>.
    /// </param>
    /// <param name="warnings">
    /// Receives one sentence for each issue that does not prevent reading the volume, such as an sform and a qform that
    /// disagree; null if not needed.
    /// </param>
    /// <exception cref="UserErrorException">
    /// The volume cannot be read, is not a single volume of scalars, or more than half of its voxels are not finite.
    /// </exception>
    public static Volume<float> ReadIntensities(string path, ICollection<string>? warnings = null) =>
        TranslateErrors(path, () => ReadIntensities(OpenScalars(path), warnings));

    /// <summary>Reads intensities of a DICOM series whose files are known; see <see cref="DicomSeries.Files"/>.</summary>
    /// <param name="files">The series' files; unlike in the overload with a path, no other files are inspected.</param>
    /// <param name="path">The name of the series in messages.</param>
    /// <param name="warnings">As in the overload with a path.</param>
    /// <exception cref="UserErrorException">The files are not a single series of a scan, or one cannot be read.</exception>
    public static Volume<float> ReadIntensities(
        IReadOnlyList<string> files, string path, ICollection<string>? warnings = null) =>
        TranslateErrors(path, () => ReadIntensities(DicomSource.OpenFiles(files, path), warnings));

    /// <summary>Reads label values as stored in the file, as integers of any type or as whole real numbers.</summary>
    /// <param name="path">A file, or a DICOM series as for intensities.</param>
    /// <exception cref="UserErrorException">
    /// The volume cannot be read, is not a single volume of scalars, or contains a value that is not a whole number from
    /// 0 to 65535.
    /// </exception>
    public static Volume<ushort> ReadLabels(string path) => TranslateErrors(path, () =>
    {
        var source = OpenScalars(path);
        var volume = new Volume<ushort>(source.Grid);
        // Every value that could be a label is exact as a 32-bit float.
        source.Read((start, values) => ToLabels(values, volume.Voxels.AsSpan(start), path));
        return volume;
    });

    /// <summary>Reads the file's header; voxels are not read.</summary>
    /// <param name="path">A file, or a DICOM series as for intensities.</param>
    /// <exception cref="UserErrorException">The header cannot be read or does not describe a single volume.</exception>
    public static VolumeHeader ReadHeader(string path) => TranslateErrors(path, () => VolumeSource.Open(path).ToHeader());

    /// <summary>
    /// Returns the files that make up a volume: the file itself and the voxel files that it names, or the slices of a DICOM
    /// series.
    /// </summary>
    /// <param name="path">A file, or a DICOM series as for intensities.</param>
    /// <exception cref="UserErrorException">The header cannot be read or does not describe a single volume.</exception>
    public static IReadOnlyList<string> FilesOf(string path) => TranslateErrors(path, () => VolumeSource.Open(path).Files);

    private static Volume<float> ReadIntensities(VolumeSource source, ICollection<string>? warnings)
    {
        RequireSensible(source);
        var volume = new Volume<float>(source.Grid);
        source.Read((start, values) => values.CopyTo(volume.Voxels.AsSpan(start)));
        ReplaceNonFinite(volume.Voxels, source.Path);
        foreach (var warning in source.Warnings)
            warnings?.Add(warning);
        return volume;
    }

    private static VolumeSource OpenScalars(string path)
    {
        var source = VolumeSource.Open(path);
        if (source.ComponentCount != 1)
        {
            throw new UserErrorException(
                $"'{path}' has {source.ComponentCount} values per voxel; one is expected: convert it to a single channel.");
        }

        source.RequireComplete();
        return source;
    }

    // Before memory is allocated: real images never compress as tightly as a damaged file or one made to fill memory.
    private static void RequireSensible(VolumeSource source)
    {
        var bytes = source.Grid.Size.VoxelCount * sizeof(float);
        var length = source.Files.Sum(file => new FileInfo(file).Length);
        if (bytes > LargestUnsuspected && bytes / GreatestRatio > length)
        {
            throw new UserErrorException(
                $"'{source.Path}' has {length} bytes but states {source.Grid.Size} voxels, so they contain almost nothing; "
                + "check how the file was created.");
        }

        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw new UserErrorException(
                $"'{source.Path}' has {source.Grid.Size} voxels, which need {bytes >> 30} GB of memory, but only "
                + $"{available >> 30} GB are available; use a larger machine or a coarser volume.");
        }
    }

    // A volume that is mostly NaN is broken; a few NaNs (a resampling border, a division by zero) are no reason to reject it.
    private static void ReplaceNonFinite(float[] voxels, string path)
    {
        var minimum = float.PositiveInfinity;
        long count = 0;
        foreach (var value in voxels)
        {
            if (float.IsFinite(value))
                minimum = Math.Min(minimum, value);
            else
                count++;
        }

        if (count > voxels.LongLength / 2)
        {
            throw new UserErrorException(
                $"{count} of the {voxels.LongLength} voxels of '{path}' are not finite numbers; at most half may be: "
                + "check how the file was created.");
        }

        for (var i = 0; count > 0 && i < voxels.Length; i++)
        {
            if (!float.IsFinite(voxels[i]))
                voxels[i] = minimum;
        }
    }

    private static void ToLabels(ReadOnlySpan<float> values, Span<ushort> labels, string path)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            labels[i] = value >= 0 && value <= ushort.MaxValue && value == MathF.Floor(value)
                ? (ushort)value
                : throw new UserErrorException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The label file '{path}' contains the value {value}; labels are whole numbers from 0 to 65535: ")
                    + "check that it is a label file and not an image.");
        }
    }

    /// <summary>Converts file system exceptions into one sentence about the file.</summary>
    private static T TranslateErrors<T>(string path, Func<T> action)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return action();
        }
        catch (Exception e) when (e is NotSupportedException or IOException
                                      or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UserErrorException($"'{path}' cannot be used as a volume: {Reason(e)}", e);
        }
    }

    // .NET appends the parameter's name, which means nothing to the user.
    private static string WithoutParameter(Exception e) =>
        e is ArgumentException { ParamName: { } name }
            ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
            : e.Message;

    private static string Reason(Exception e)
    {
        var text = string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var start = text.LastIndexOf("ERROR: ", StringComparison.Ordinal);
        text = (start < 0 ? text : text[(start + "ERROR: ".Length)..]).TrimEnd('.', '!');
        return $"{(text.Length > LongestReason ? text[..LongestReason] + "…" : text)}; a complete NIfTI, NRRD, MetaImage, PNG or "
            + "DICOM file is expected.";
    }
}
