using System.Collections.Concurrent;
using System.Text.Json;

namespace MkdSeg.Pacs.Scoring;

/// <summary>The records of an output folder, each written atomically. Only one process can use it at a time.</summary>
internal sealed class SeriesLedger : IDisposable
{
    private const string FolderName = "series";
    private readonly FolderLock _lock;
    private readonly string _folder;

    // Read while fetching, at the same time as another series is scored.
    private readonly ConcurrentDictionary<string, SeriesRecord> _records = new(StringComparer.Ordinal);

    /// <summary>Reads the existing records, and locks other processes out.</summary>
    /// <param name="outputFolder">The folder of masks and results.</param>
    /// <exception cref="UserErrorException">It cannot be written to, or another process is using it.</exception>
    public SeriesLedger(string outputFolder)
    {
        OutputFolder = outputFolder;
        _folder = Path.Combine(outputFolder, FolderLock.RecordsFolder, FolderName);
        _lock = FolderLock.Take(_folder);
        AtomicFile.DeleteTemporaryFiles(_folder);
        foreach (var file in Directory.EnumerateFiles(_folder, "*.json"))
        {
            if (Load(file) is { } record)
                _records[record.Uid] = record;
        }
    }

    public string OutputFolder { get; }

    /// <summary>All records, in the order in which they were scored.</summary>
    public IEnumerable<SeriesRecord> Records => _records.Values.OrderBy(record => record.Scored ?? DateTimeOffset.MaxValue);

    public void Dispose() => _lock.Dispose();

    public SeriesRecord? Find(string uid) => _records.GetValueOrDefault(uid);

    /// <summary>The path of a record.</summary>
    public string PathOf(string uid) => Path.Combine(_folder, uid + ".json");

    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public SeriesRecord Save(SeriesRecord record)
    {
        UserErrorException.OfFiles(
            () => StrictJson.Save(PathOf(record.Uid), record), $"'{PathOf(record.Uid)}' cannot be written");
        return _records[record.Uid] = record;
    }

    private static SeriesRecord? Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SeriesRecord>(File.ReadAllText(path), StrictJson.Options);
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            // From another version, or damaged: the series is scored again.
            return null;
        }
    }
}
