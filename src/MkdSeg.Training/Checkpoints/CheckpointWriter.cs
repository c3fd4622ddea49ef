using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using MkdSeg.Common;
using static TorchSharp.torch;

namespace MkdSeg.Training.Checkpoints;

/// <summary>Collects states in an archive: raw numbers, bit for bit, and JSON, each under a name.</summary>
public sealed class CheckpointWriter
{
    private readonly ZipArchive _archive;
    private readonly string _prefix;

    internal CheckpointWriter(ZipArchive archive, string prefix = "") => (_archive, _prefix) = (archive, prefix);

    /// <summary>A writer whose names begin with another one.</summary>
    public CheckpointWriter Within(string name) => new(_archive, $"{_prefix}{name}/");

    /// <summary>Writes a value as JSON.</summary>
    public void Write<T>(string name, T value)
    {
        using var stream = Open(name);
        JsonSerializer.Serialize(stream, value, StrictJson.Options);
    }

    /// <summary>Writes the numbers of a tensor of 32-bit floats; the shape is not kept.</summary>
    public void Write(string name, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        using var stream = Open(name);
        stream.Write(MemoryMarshal.AsBytes<float>(values.detach().cpu().contiguous().data<float>().ToArray()));
    }

    // Weights hardly shrink; compressing them would only take time.
    private Stream Open(string name) => _archive.CreateEntry(_prefix + name, CompressionLevel.NoCompression).Open();
}
