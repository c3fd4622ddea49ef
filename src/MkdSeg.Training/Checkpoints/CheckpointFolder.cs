using System.IO.Compression;
using MkdSeg.Common;
using static TorchSharp.torch;

namespace MkdSeg.Training.Checkpoints;

/// <summary>
/// The checkpoints of a run: archives of states and an index that holds their hashes. An archive counts from the moment
/// the index names it, so that a training killed while it writes one goes on from the one before.
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="keep">How many are kept, the youngest ones.</param>
public sealed class CheckpointFolder(string folder, int keep)
{
    private const string IndexFile = "index.json";

    /// <summary>Writes a checkpoint and forgets the oldest.</summary>
    /// <param name="iteration">Iterations done.</param>
    /// <param name="states">What changes while the training runs, by name.</param>
    public void Save(long iteration, IEnumerable<KeyValuePair<string, ICheckpointed>> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var name = $"iteration-{iteration:d8}.zip";
        var path = Path.Combine(folder, name);
        AtomicFile.Write(path, temporary =>
        {
            using var archive = ZipFile.Open(temporary, ZipArchiveMode.Create);
            var writer = new CheckpointWriter(archive);
            foreach (var (key, state) in states)
            {
                state.Save(writer.Within(key));
            }
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
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Takes over the youngest checkpoint that is whole.</summary>
    /// <param name="states">What to restore, by name.</param>
    /// <param name="device">Where the training keeps its tensors.</param>
    /// <param name="say">Told which checkpoint is used, and which ones are damaged.</param>
    /// <returns>Whether there was one.</returns>
    public bool Restore(
        IReadOnlyCollection<KeyValuePair<string, ICheckpointed>> states, Device device, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(say);
        foreach (var entry in Index())
        {
            var path = Path.Combine(folder, entry.File);
            if (!File.Exists(path) || FileHash.OfFile(path) != entry.Sha256)
            {
                say($"The checkpoint {path} is damaged or missing; the one before is taken.");
                continue;
            }

            using var archive = ZipFile.OpenRead(path);
            var reader = new CheckpointReader(archive, device);
            foreach (var (key, state) in states)
            {
                state.Load(reader.Within(key));
            }

            say($"Going on after iteration {entry.Iteration}.");
            return true;
        }

        return false;
    }

    /// <summary>Deletes the checkpoints.</summary>
    public void Clear()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Youngest first. An index that cannot be read is as good as none: the archives alone do not say whether they are whole.
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
