using System.Security.Cryptography;
using System.Text;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// The images of one Series Instance UID that fit together: one patient, size, direction and spacing. A series that holds
/// several such stacks, phases of the heart for example, comes as several objects.
/// </summary>
public sealed class DicomSeries
{
    private const string PathMark = "series=";
    private const string NoUid = "none";

    internal DicomSeries(SeriesIdentity identity, DicomSeriesKind kind, string? problem, IReadOnlyList<DicomImage> images)
    {
        Uid = identity.Uid;
        Description = identity.Description;
        Modality = identity.Modality;
        Number = identity.Number;
        Part = identity.Part;
        Kind = kind;
        Problem = problem;
        Files = [.. images.Select(image => image.Path).Distinct()];
        var key = (Uid.Length > 0 ? Uid : NoUid) + (Part > 1 ? $"-{Part}" : "");
        Path = System.IO.Path.Combine(identity.Folder, PathMark + key);
        CaseName = Name(identity, key);
    }

    /// <summary>The Series Instance UID; empty where the files have none.</summary>
    public string Uid { get; }

    /// <summary>The Series Description; may be empty.</summary>
    public string Description { get; }

    /// <summary>The modality as DICOM spells it, such as "CT".</summary>
    public string Modality { get; }

    /// <summary>The Series Number, which scanners count within a study; null where there is none.</summary>
    public int? Number { get; }

    /// <summary>1, or the place of this stack among several of one series, the largest first.</summary>
    public int Part { get; }

    /// <summary>
    /// What <see cref="IO.VolumeFile"/> takes to read this series: the deepest folder that holds all its files, and
    /// "series=" with its UID.
    /// </summary>
    public string Path { get; }

    /// <summary>
    /// A name for results, safe as a file name, made of the description and a hash of the UID: the same wherever the
    /// series lies and whatever lies beside it.
    /// </summary>
    public string CaseName { get; }

    /// <summary>The files; those of a scan ordered by position along the slices' normal.</summary>
    public IReadOnlyList<string> Files { get; private init; }

    /// <summary>What the series is good for.</summary>
    public DicomSeriesKind Kind { get; }

    /// <summary>
    /// Why it is no volume, one sentence that names series and file; null for <see cref="DicomSeriesKind.Scan"/>.
    /// </summary>
    public string? Problem { get; }

    /// <summary>One sentence for each doubt that does not keep the series from being read.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>Where the voxels lie, LPS mm; null where the series is no volume.</summary>
    public Grid? Grid => Stack?.Grid;

    internal SliceStack? Stack { get; init; }

    /// <summary>
    /// All series in a folder and its subfolders, whatever the order and the names of their files; ordered by series
    /// number and UID. Links to folders are not followed.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="UserErrorException">There is no such folder, or it cannot be read.</exception>
    public static IReadOnlyList<DicomSeries> Find(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return SeriesSearch.Find(folder);
    }

    /// <summary>A file that is no DICOM file, while its name says that it is one.</summary>
    internal static DicomSeries OfStranger(string path) => new(
        new("", "", "", null, System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path), 1),
        DicomSeriesKind.NoScan,
        $"'{path}' is named like a DICOM file and does not begin as one; it is left out.",
        [])
    {
        Files = [path],
    };

    /// <summary>Whether a path has the form of <see cref="Path"/>.</summary>
    internal static bool IsSeriesPath(string path) =>
        System.IO.Path.GetFileName(path).StartsWith(PathMark, StringComparison.Ordinal)
        && Directory.Exists(System.IO.Path.GetDirectoryName(path));

    private static string Name(SeriesIdentity identity, string key)
    {
        var readable = identity.Description.Length > 0 ? identity.Description : identity.Modality;
        var safe = new StringBuilder();
        foreach (var c in readable)
        {
            var keep = char.IsAsciiLetterOrDigit(c) || (c is '.' or '-' && safe.Length > 0);
            if (keep)
                safe.Append(c);
            else if (safe.Length > 0 && safe[^1] != '_')
                safe.Append('_');
        }

        var start = safe.ToString(0, Math.Min(safe.Length, 60)).TrimEnd('_', '.', '-');
        // Without a UID, the study and the first file's name stand for it.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity.Uid.Length > 0 ? key : identity.Fallback + key));
        return $"{(start.Length > 0 ? start : "series")}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
    }
}

/// <summary>What a DICOM series is good for.</summary>
public enum DicomSeriesKind
{
    /// <summary>Slices of a CT or MR scan that make a volume.</summary>
    Scan,

    /// <summary>Slices of a scan that make no volume: some are missing, doubled, damaged or without a position.</summary>
    BrokenScan,

    /// <summary>No scan: a localizer, a secondary capture, a dose report, another modality.</summary>
    NoScan,
}
