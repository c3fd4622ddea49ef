using MkdSeg.IO.Dicom;

namespace MkdSeg.IO;

/// <summary>
/// Reads volumes from NIfTI, NRRD, MetaImage, PNG and DICOM files and from DICOM series, and writes NIfTI, NRRD and
/// MetaImage. A two-dimensional image is a volume of one slice, four dimensions with one time
/// point are three. Every failure is a <see cref="UserErrorException"/> that names the file.
/// </summary>
public static partial class VolumeFile
{
    private const long LargestUnsuspected = 1L << 29;
    private const int GreatestRatio = 200;
    private const int LongestReason = 250;

    /// <summary>
    /// Intensities as real values, with the file's own scaling applied. Voxels that are not finite (NaN, ±∞) take the
    /// smallest finite value of the volume, which in CT and MR is background.
    /// </summary>
    /// <param name="path">
    /// A file, a folder with exactly one DICOM series of a scan in its tree, or <see cref="DicomSeries.Path"/>.
    /// </param>
    /// <param name="warnings">
    /// Takes one sentence for each doubt about the volume that does not keep it from being read, such as an sform and a
    /// qform that disagree; null where nobody wants them.
    /// </param>
    /// <exception cref="UserErrorException">
    /// The volume cannot be read, is no single volume of scalars, or more than half of its voxels are not finite.
    /// </exception>
    public static Volume<float> ReadIntensities(string path, ICollection<string>? warnings = null) =>
        TranslateErrors(path, () => ReadIntensities(OpenScalars(path), warnings));

    /// <summary>Intensities of a DICOM series whose files are known, see <see cref="DicomSeries.Files"/>.</summary>
    /// <param name="files">The series' files; no others are looked at, as the overload with a path would.</param>
    /// <param name="path">What messages call the series.</param>
    /// <param name="warnings">As in the overload with a path.</param>
    /// <exception cref="UserErrorException">The files are no single series of a scan, or one cannot be read.</exception>
    public static Volume<float> ReadIntensities(
        IReadOnlyList<string> files, string path, ICollection<string>? warnings = null) =>
        TranslateErrors(path, () => ReadIntensities(DicomSource.OpenFiles(files, path), warnings));

    /// <summary>Label values as the file has them, stored as any integers or as whole real numbers.</summary>
    /// <param name="path">A file, or a DICOM series as for intensities.</param>
    /// <exception cref="UserErrorException">
    /// The volume cannot be read, is no single volume of scalars, or holds a value that is not a whole number from 0
    /// to 65535.
    /// </exception>
    public static Volume<ushort> ReadLabels(string path) => TranslateErrors(path, () =>
    {
        var source = OpenScalars(path);
        var volume = new Volume<ushort>(source.Grid);
        // Every value that could be a label is exact as a 32-bit real.
        source.Read((start, values) => ToLabels(values, volume.Voxels.AsSpan(start), path));
        return volume;
    });

    /// <summary>What the file says about itself; voxels are not read.</summary>
    /// <param name="path">A file, or a DICOM series as for intensities.</param>
    /// <exception cref="UserErrorException">The header cannot be read or is not that of a single volume.</exception>
    public static VolumeHeader ReadHeader(string path) => TranslateErrors(path, () => VolumeSource.Open(path).ToHeader());

    /// <summary>
    /// The files that make a volume: the file itself and those that it names as holding its voxels, or the slices of a
    /// DICOM series.
    /// </summary>
    /// <param name="path">A file, or a DICOM series as for intensities.</param>
    /// <exception cref="UserErrorException">The header cannot be read or is not that of a single volume.</exception>
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

    // Before memory is taken: real images never pack as tight as a file that was made to fill memory or is damaged.
    private static void RequireSensible(VolumeSource source)
    {
        var bytes = source.Grid.Size.VoxelCount * sizeof(float);
        var length = source.Files.Sum(file => new FileInfo(file).Length);
        if (bytes > LargestUnsuspected && bytes / GreatestRatio > length)
        {
            throw new UserErrorException(
                $"'{source.Path}' has {length} bytes and states {source.Grid.Size} voxels, so they hold next to nothing; "
                + "check how the file was made.");
        }

        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw new UserErrorException(
                $"'{source.Path}' has {source.Grid.Size} voxels, which need {bytes >> 30} GB of memory, and there are "
                + $"{available >> 30}; use a larger machine or a coarser volume.");
        }
    }

    // A volume that is mostly NaN is broken; a few (a resampling's border, a division by zero) are not worth a refusal.
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
                + "check how the file was made.");
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
                    $"The label file '{path}' holds the value {value}; labels are whole numbers from 0 to 65535: ")
                    + "check that it is a label file and not an image.");
        }
    }

    /// <summary>Turns what the file system throws into one sentence about the file.</summary>
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

    // .NET appends the parameter's name, which tells the user nothing.
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
