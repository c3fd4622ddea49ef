using System.IO.Compression;
using static TorchSharp.torch;

namespace MkdSeg.Training.Running;

/// <summary>
/// The checkpoints of a run: archives of states and an index of their hashes. An archive counts only once the index lists
/// it, so that training killed while writing one resumes from the previous one. The latest ones are kept.
/// </summary>
internal sealed class CheckpointFolder(string folder, int keep)
{
    private const string IndexFile = "index.json";

    /// <summary>Writes a checkpoint of named states and deletes the oldest ones.</summary>
    public void Save(long iteration, IEnumerable<KeyValuePair<string, ICheckpointed>> states)
    {
        var name = $"iteration-{iteration:d8}.zip";
        var path = Path.Combine(folder, name);
        AtomicFile.Write(path, temporary =>
        {
            using var archive = ZipFile.Open(temporary, ZipArchiveMode.Create);
            var writer = new CheckpointWriter(archive);
            foreach (var (key, state) in states)
                state.Save(writer.Within(key));
        });
        var entries = Index().Where(entry => entry.File != name)
            .Append(new(iteration, name, FileHash.OfFile(path)))
            .OrderByDescending(entry => entry.Iteration)
            .Take(keep)
            .ToArray();
        StrictJson.Save(Path.Combine(folder, IndexFile), entries);
        foreach (var file in Directory.EnumerateFiles(folder, "iteration-*.zip"))
        {
            if (entries.All(entry => entry.File != Path.GetFileName(file)))
                File.Delete(file);
        }
    }

    /// <summary>Restores the latest intact checkpoint; false if there is none and training starts from the beginning.</summary>
    public bool Restore(
        IReadOnlyCollection<KeyValuePair<string, ICheckpointed>> states, Device device, Action<string> info)
    {
        var entries = Index();
        for (var i = 0; i < entries.Length; i++)
        {
            var path = Path.Combine(folder, entries[i].File);
            if (!File.Exists(path) || FileHash.OfFile(path) != entries[i].Sha256)
            {
                var next = i + 1 < entries.Length ? "trying the previous one" : "there is no earlier one";
                info($"The checkpoint {path} is damaged or missing; {next}.");
                continue;
            }

            using var archive = ZipFile.OpenRead(path);
            var reader = new CheckpointReader(archive, device);
            foreach (var (key, state) in states)
                state.Load(reader.Within(key));

            info($"Resuming after iteration {entries[i].Iteration}.");
            return true;
        }

        info(Directory.Exists(folder)
            ? $"{folder} has no usable checkpoint: training starts again at iteration 0."
            : "There is no checkpoint yet: training starts at iteration 0.");
        return false;
    }

    public void Clear()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    // Latest first. Without a readable index, it is unknown whether an archive is intact.
    private CheckpointEntry[] Index()
    {
        var path = Path.Combine(folder, IndexFile);
        try
        {
            return File.Exists(path) ? StrictJson.Load<CheckpointEntry[]>(path) : [];
        }
        catch (UserErrorException)
        {
            return [];
        }
    }

    private sealed record CheckpointEntry(long Iteration, string File, string Sha256);
}
