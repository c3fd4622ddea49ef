using System.Security.Cryptography;
using System.Text;

namespace MkdSeg.IO.Dicom;

/// <summary>
/// The images of one Series Instance UID that fit together: one patient, size, direction and spacing. A series with several
/// such stacks, for example cardiac phases, is split into several objects.
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

    /// <summary>The Series Instance UID; empty if the files have none.</summary>
    public string Uid { get; }

    /// <summary>The Series Description; may be empty.</summary>
    public string Description { get; }

    /// <summary>The modality as DICOM spells it, such as "CT".</summary>
    public string Modality { get; }

    /// <summary>The Series Number, which scanners count within a study; null if there is none.</summary>
    public int? Number { get; }

    /// <summary>1, or the rank of this stack among several of one series, the largest first.</summary>
    public int Part { get; }

    /// <summary>
    /// The path from which <see cref="IO.VolumeFile"/> reads this series: the deepest folder that contains all its files,
    /// and "series=" with its UID.
    /// </summary>
    public string Path { get; }

    /// <summary>
    /// A name for results, safe as a file name, built from the description and a hash of the UID: the same wherever the
    /// series is stored and whatever is stored next to it.
    /// </summary>
    public string CaseName { get; }

    /// <summary>The files; those of a scan are ordered by position along the slice normal.</summary>
    public IReadOnlyList<string> Files { get; private init; }

    /// <summary>What the series can be used for.</summary>
    public DicomSeriesKind Kind { get; }

    /// <summary>
    /// Why it is not a volume, one sentence that names series and file; null for <see cref="DicomSeriesKind.Scan"/>.
    /// </summary>
    public string? Problem { get; }

    /// <summary>One sentence for each issue that does not prevent reading the series.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>Where the voxels lie, LPS mm; null if the series is not a volume.</summary>
    public Grid? Grid => Stack?.Grid;

    internal SliceStack? Stack { get; init; }

    /// <summary>
    /// Finds all series in a folder and its subfolders, whatever the order and the names of their files; ordered by series
    /// number and UID. Links to folders are not followed.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="UserErrorException">The folder does not exist or cannot be read.</exception>
    public static IReadOnlyList<DicomSeries> Find(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return SeriesSearch.Find(folder);
    }

    /// <summary>Creates an entry for a file that is named like a DICOM file but is not one.</summary>
    internal static DicomSeries OfStranger(string path) => new(
        new("", "", "", null, System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path), 1),
        DicomSeriesKind.NoScan,
        $"'{path}' is named like a DICOM file but does not begin like one; it is left out.",
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
        // Without a UID, the study and the first file's name replace it.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity.Uid.Length > 0 ? key : identity.Fallback + key));
        return $"{(start.Length > 0 ? start : "series")}-{Convert.ToHexStringLower(hash.AsSpan(0, 4))}";
    }
}

/// <summary>What a DICOM series can be used for.</summary>
public enum DicomSeriesKind
{
    /// <summary>Slices of a CT or MR scan that form a volume.</summary>
    Scan,

    /// <summary>Slices of a scan that do not form a volume: some are missing, duplicated, damaged or lack a position.</summary>
    BrokenScan,

    /// <summary>Not a scan: a localizer, a secondary capture, a dose report, another modality.</summary>
    NoScan,
}
