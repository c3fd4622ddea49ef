using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MkdSeg.IO;

namespace MkdSeg.ML.Scoring;

/// <summary>The settings that, with the input and the model, determine the files of a case.</summary>
internal sealed record ScoringSettings(
    CropRule Crop, MaskFormats Formats, bool SegmentorMasks, bool Probabilities, bool CleanUp, double FillHolesUpToMl);

/// <summary>
/// Records finished cases: one small file each, written after the case's outputs, so that a run killed at any moment resumes
/// where it stopped.
/// </summary>
internal sealed class CaseRecords(string outputFolder, string modelSha256, ScoringSettings settings)
{
    /// <summary>Name of the folder, within an output folder, for files that only programs read.</summary>
    public const string FolderName = FolderLock.RecordsFolder;

    // Version 3 added measurements.
    private const int CurrentVersion = 3;

    /// <summary>Returns the row of a finished case; null if it must still be scored.</summary>
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

    /// <summary>Records a case whose files are written.</summary>
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

    /// <summary>Removes a case's record before its files are written again.</summary>
    public void Remove(string name) => File.Delete(PathOf(name));

    /// <summary>Deletes the temporary files of killed writers; no other process may be writing into the folder.</summary>
    public void DeleteTemporaryFiles()
    {
        foreach (var folder in Directory.EnumerateDirectories(outputFolder).Prepend(outputFolder))
            AtomicFile.DeleteTemporaryFiles(folder);
    }

    /// <summary>Returns the SHA-256 of a case's file; for several files, the SHA-256 of their sorted hashes.</summary>
    /// <exception cref="UserErrorException">A file is missing or cannot be read.</exception>
    public static string HashOf(ScoringCase item, bool withLabel)
    {
        var files = item.SeriesFiles.Count > 0 ? item.SeriesFiles : VolumeFile.FilesOf(item.Path);
        if (withLabel && item.LabelPath is { } label)
            files = [.. files, .. VolumeFile.FilesOf(label)];
        return HashOf(item.Path, files);
    }

    /// <summary>Returns the same hash for given files.</summary>
    /// <param name="path">The name of the input in messages.</param>
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
    /// Creates an output folder and locks it against other processes; parts of the same split may share it.
    /// </summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="cases">The cases; none may be in the folder.</param>
    /// <param name="shard">The part; null for all.</param>
    /// <exception cref="UserErrorException">It contains inputs, cannot be written, or is in use by another process.</exception>
    public static FolderLock Lock(string folder, IReadOnlyList<ScoringCase> cases, ScoringShard? shard)
    {
        var full = Path.GetFullPath(folder);
        if (cases.Any(item => Path.GetDirectoryName(Path.GetFullPath(item.Path)) == full))
        {
            throw new UserErrorException(
                $"The output folder {folder} contains inputs, which masks of the same name would replace; choose "
                + "another output folder.");
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
            // Another version, or damaged: the case is scored again.
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
