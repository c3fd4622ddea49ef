using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Watching;

/// <summary>
/// The series in a folder that others write to. Only headers are read, and only those of new or changed files.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="except">A folder that is ignored, such as the results folder.</param>
/// <param name="clock">Measures how long nothing has changed; file times are set by other machines.</param>
internal sealed class ArrivalFolder(string folder, string except, TimeProvider clock)
{
    private readonly string _except = Path.TrimEndingDirectorySeparator(Path.GetFullPath(except)) + Path.DirectorySeparatorChar;
    private readonly Dictionary<string, ArrivedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ArrivingSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Detects files that have arrived, changed or disappeared.</summary>
    /// <exception cref="UserErrorException">The folder cannot be read.</exception>
    public void Scan()
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in UserErrorException.OfFiles(() => SeriesSearch.Files(folder), $"The folder {folder} cannot be read"))
        {
            if (Path.GetFullPath(path).StartsWith(_except, StringComparison.Ordinal))
                continue;
            present.Add(path);
            var info = new FileInfo(path);
            if (!info.Exists || (_files.TryGetValue(path, out var known) && known.IsSame(info)))
                continue;
            Forget(path);
            if (Read(path, info) is { } file)
                Add(path, file);
        }

        foreach (var gone in _files.Keys.Where(path => !present.Contains(path)).ToArray())
            Forget(gone);
    }

    /// <summary>Returns the longest unchanged of the series unchanged for a time; each series once until it changes.</summary>
    /// <param name="quiet">The time for which a series must not have changed.</param>
    public ArrivingSeries? TakeQuiet(TimeSpan quiet)
    {
        var next = _series.Values
            .Where(series => series.HasChanged && series.Files.Count > 0 && clock.GetElapsedTime(series.LastChange) >= quiet)
            .MinBy(series => series.LastChange);
        next?.HasChanged = false;
        return next;
    }

    // Null if it cannot be read now: it is tried again.
    private static ArrivedFile? Read(string path, FileInfo info)
    {
        try
        {
            var image = DicomParser.Read(path)?.Images.First();
            return new(
                info.Length,
                info.LastWriteTimeUtc,
                image is not null && DicomJson.IsUid(image.SeriesUid) ? image.SeriesUid : "",
                image?.Text(DicomTag.SopInstance) is { Length: > 0 } uid ? uid : path,
                image?.Text(DicomTag.SeriesDescription) ?? "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Add(string path, ArrivedFile file)
    {
        _files[path] = file;
        // Not a DICOM file, or only the beginning of one.
        if (file.SeriesUid.Length == 0)
            return;
        if (!_series.TryGetValue(file.SeriesUid, out var series))
            _series[file.SeriesUid] = series = new(new("", file.SeriesUid, "", file.Description));
        series.Files[path] = file.SopUid;
        Touch(series);
    }

    private void Forget(string path)
    {
        if (!_files.Remove(path, out var file) || !_series.TryGetValue(file.SeriesUid, out var series))
            return;
        series.Files.Remove(path);
        Touch(series);
        if (series.Files.Count == 0)
            _series.Remove(file.SeriesUid);
    }

    private void Touch(ArrivingSeries series) => (series.LastChange, series.HasChanged) = (clock.GetTimestamp(), true);

    private sealed record ArrivedFile(long Length, DateTime Written, string SeriesUid, string SopUid, string Description)
    {
        public bool IsSame(FileInfo file) => file.Length == Length && file.LastWriteTimeUtc == Written;
    }
}

/// <summary>A series that is arriving.</summary>
internal sealed class ArrivingSeries(RemoteSeries series)
{
    public string Uid => series.Uid;

    /// <summary>Its name in messages.</summary>
    public string Title => series.Title;

    /// <summary>SOP Instance UIDs by path.</summary>
    public SortedDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>When one of its files last arrived, changed or disappeared; a timestamp of the clock.</summary>
    public long LastChange { get; set; }

    /// <summary>Whether that change has not been handled yet.</summary>
    public bool HasChanged { get; set; }
}
