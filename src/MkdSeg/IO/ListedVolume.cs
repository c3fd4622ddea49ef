using MkdSeg.IO.Dicom;

namespace MkdSeg.IO;

/// <summary>A volume found in a folder tree: a file, or a DICOM series.</summary>
/// <param name="Name">
/// What its results are called, safe as a file name: folders below the searched one and the file's name without ending,
/// joined by "_"; or <see cref="DicomSeries.CaseName"/>.
/// </param>
/// <param name="Path">What <see cref="VolumeFile"/> takes to read it.</param>
public sealed record ListedVolume(string Name, string Path)
{
    /// <summary>The DICOM series; null for a file.</summary>
    public DicomSeries? Series { get; init; }

    /// <summary>A file in a folder tree.</summary>
    internal static ListedVolume OfFile(string path, string root)
    {
        var inner = System.IO.Path.GetRelativePath(root, System.IO.Path.GetDirectoryName(path)!);
        var stem = VolumeListing.Stem(path);
        return new(inner == "." ? stem : $"{inner.Replace(System.IO.Path.DirectorySeparatorChar, '_')}_{stem}", path);
    }

    /// <summary>A DICOM series.</summary>
    internal static ListedVolume OfSeries(DicomSeries series) => new(series.CaseName, series.Path) { Series = series };
}
