using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MkdSeg.IO;

namespace MkdSeg.ML.Scoring;

/// <summary>What decides, beside the input and the model, about the files of a case.</summary>
internal sealed record ScoringSettings(
    CropRule Crop, MaskFormats Formats, bool SegmentorMasks, bool Probabilities, bool CleanUp, double FillHolesUpToMl);

/// <summary>
/// Remembers finished cases: one small file each, written after the case's outputs, so that a run that was killed at any
/// moment goes on where it stopped.
/// </summary>
internal sealed class CaseRecords(string outputFolder, string modelSha256, ScoringSettings settings)
{
    /// <summary>Name, within an output folder, of the folder with what only programs look at.</summary>
    public const string FolderName = FolderLock.RecordsFolder;

    // Version 3 has measurements.
    private const int CurrentVersion = 3;

    /// <summary>The row of a finished case; null where it is to be done.</summary>
    /// <param name="item">The case.</param>
    /// <param name="sha256">The hash of its input.</param>
    public CaseResult? Find(ScoringCase item, string sha256)
    {
        var record = Load(PathOf(item.Name));
        return record is not null
            && record.Version == CurrentVersion
            && record.Result.Sha256 == sha256
            && record.ModelSha256 == modelSha256
            && record.Settings == settings
            && record.Files.All(IsThere)
                ? record.Result with { Case = item }
                : null;
    }

    /// <summary>Remembers a case whose files are written.</summary>
    /// <param name="result">Its row.</param>
    /// <param name="files">Its files, relative to the output folder.</param>
    public void Add(CaseResult result, IReadOnlyList<string> files) => StrictJson.Save(
        PathOf(result.Case.Name),
        new CaseRecord
        {
            Version = CurrentVersion,
            ModelSha256 = modelSha256,
            Settings = settings,
            Files = [.. files.Select(file => new RecordedFile(file, new FileInfo(FullPath(file)).Length))],
            Result = result,
        });

    /// <summary>Forgets a case before its files are made again.</summary>
    public void Remove(string name) => File.Delete(PathOf(name));

    /// <summary>Deletes the temporary files of writers that were killed; nobody else may write into the folder.</summary>
    public void DeleteTemporaryFiles()
    {
        foreach (var folder in Directory.EnumerateDirectories(outputFolder).Prepend(outputFolder))
            AtomicFile.DeleteTemporaryFiles(folder);
    }

    /// <summary>SHA-256 of a file; of the sorted SHA-256 of all files where a case has several.</summary>
    /// <exception cref="UserErrorException">A file is missing or cannot be read.</exception>
    public static string HashOf(ScoringCase item, bool withLabel)
    {
        var files = item.SeriesFiles.Count > 0 ? item.SeriesFiles : VolumeFile.FilesOf(item.Path);
        if (withLabel && item.LabelPath is { } label)
            files = [.. files, .. VolumeFile.FilesOf(label)];
        return HashOf(item.Path, files);
    }

    /// <summary>The same of files that are known.</summary>
    /// <param name="path">What messages call the input.</param>
    /// <param name="files">Its files.</param>
    /// <exception cref="UserErrorException">A file is missing or cannot be read.</exception>
    public static string HashOf(string path, IReadOnlyList<string> files)
    {
        try
        {
            if (files.Count == 1)
                return FileHash.OfFile(files[0]);
            var hashes = files.Select(FileHash.OfFile).Order(StringComparer.Ordinal);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', hashes))));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"'{path}' cannot be read: {error.Message.TrimEnd('.')}; check that it is still there.", error);
        }
    }

    /// <summary>
    /// Makes an output folder and keeps other processes out of it; parts of one number of parts go together.
    /// </summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="cases">The cases, none of which may lie in it.</param>
    /// <param name="shard">The part; null for all.</param>
    /// <exception cref="UserErrorException">It holds inputs, cannot be written, or another process writes there.</exception>
    public static FolderLock Lock(string folder, IReadOnlyList<ScoringCase> cases, ScoringShard? shard)
    {
        var full = Path.GetFullPath(folder);
        if (cases.Any(item => Path.GetDirectoryName(Path.GetFullPath(item.Path)) == full))
        {
            throw new UserErrorException(
                $"The output folder {folder} holds inputs, which masks of the same name would replace; choose another "
                + "output folder.");
        }

        return FolderLock.Take(full, shard?.ToString(), other => ScoringShard.Parse(other)?.Count == shard?.Count);
    }

    private static CaseRecord? Load(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<CaseRecord>(File.ReadAllText(path), StrictJson.Options) : null;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            // Of another version, or damaged: the case is done again.
            return null;
        }
    }

    private bool IsThere(RecordedFile file) =>
        new FileInfo(FullPath(file.Name)) is { Exists: true } info && info.Length == file.Length;

    private string FullPath(string file) => Path.Combine(outputFolder, file);

    private string PathOf(string name) => Path.Combine(outputFolder, FolderName, name + ".json");

    private sealed record CaseRecord
    {
        public required int Version { get; init; }

        public required string ModelSha256 { get; init; }

        public required ScoringSettings Settings { get; init; }

        public required IReadOnlyList<RecordedFile> Files { get; init; }

        public required CaseResult Result { get; init; }
    }

    private sealed record RecordedFile(string Name, long Length);
}
