using System.Text.Json;
using MkdSeg.Common;
using MkdSeg.Preprocessing;

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
    public const string FolderName = ".mkdseg";

    private const int CurrentVersion = 1;

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

    /// <summary>Deletes what writers that were killed left behind; nobody else may write into the folder.</summary>
    public void DeleteRemains()
    {
        foreach (var folder in Directory.EnumerateDirectories(outputFolder).Prepend(outputFolder))
            AtomicFile.DeleteRemains(folder);
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
