using System.IO.Compression;
using static TorchSharp.torch;

namespace MkdSeg.Training.Running;

/// <summary>
/// The checkpoints of a run: archives of states and an index that holds their hashes. An archive counts from the moment
/// the index names it, so that a training killed while it writes one goes on from the one before. The youngest are kept.
/// </summary>
internal sealed class CheckpointFolder(string folder, int keep)
{
    private const string IndexFile = "index.json";

    /// <summary>Writes a checkpoint of named states and deletes the oldest.</summary>
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

    /// <summary>Restores the youngest checkpoint that is whole; false where there is none, and the training begins anew.</summary>
    public bool Restore(
        IReadOnlyCollection<KeyValuePair<string, ICheckpointed>> states, Device device, Action<string> info)
    {
        var entries = Index();
        for (var i = 0; i < entries.Length; i++)
        {
            var path = Path.Combine(folder, entries[i].File);
            if (!File.Exists(path) || FileHash.OfFile(path) != entries[i].Sha256)
            {
                var next = i + 1 < entries.Length ? "trying the one before" : "there is no earlier one";
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
            ? $"{folder} has no checkpoint that can be used: training begins anew, at iteration 0."
            : "There is no checkpoint yet: training begins at iteration 0.");
        return false;
    }

    public void Clear()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    // Youngest first. Without an index that can be read, nothing says whether an archive is whole.
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
