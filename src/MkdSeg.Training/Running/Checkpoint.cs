using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace MkdSeg.Training.Running;

/// <summary>An object whose state determines how training continues.</summary>
internal interface ICheckpointed
{
    void Save(CheckpointWriter writer);

    /// <summary>Restores a state that an object of the same kind and size has saved.</summary>
    void Load(CheckpointReader reader);
}

/// <summary>Writes states to an archive: raw numbers, bit for bit, and JSON, each under a name.</summary>
internal sealed class CheckpointWriter(ZipArchive archive, string prefix = "")
{
    public CheckpointWriter Within(string name) => new(archive, $"{prefix}{name}/");

    public void Write<T>(string name, T value)
    {
        using var stream = Open(name);
        JsonSerializer.Serialize(stream, value, StrictJson.Options);
    }

    /// <summary>Writes the numbers of a tensor of 32-bit floats; the shape is not stored.</summary>
    public void Write(string name, Tensor values)
    {
        using var scope = NewDisposeScope();
        using var stream = Open(name);
        stream.Write(MemoryMarshal.AsBytes<float>(values.detach().cpu().contiguous().data<float>().ToArray()));
    }

    // Weights hardly compress, so compression would only cost time.
    private Stream Open(string name) => archive.CreateEntry(prefix + name, CompressionLevel.NoCompression).Open();
}

/// <summary>Reads what a <see cref="CheckpointWriter"/> wrote; rejects missing names and wrong counts.</summary>
internal sealed class CheckpointReader(ZipArchive archive, Device device, string prefix = "")
{
    /// <summary>The device where the resumed training keeps its tensors.</summary>
    public Device Device => device;

    public CheckpointReader Within(string name) => new(archive, device, $"{prefix}{name}/");

    public T Read<T>(string name) => JsonSerializer.Deserialize<T>(Bytes(name), StrictJson.Options)
        ?? throw new InvalidDataException($"The checkpoint's {prefix}{name} is empty.");

    /// <summary>Reads numbers into a tensor of 32-bit floats.</summary>
    public void Read(string name, Tensor values)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var numbers = MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();
        if (numbers.Length != values.numel())
        {
            throw new InvalidDataException(
                $"The checkpoint has {numbers.Length} numbers for {prefix}{name}, but {values.numel()} are needed.");
        }

        values.copy_(tensor(numbers, values.shape, device: values.device));
    }

    private byte[] Bytes(string name)
    {
        var entry = archive.GetEntry(prefix + name)
            ?? throw new InvalidDataException($"The checkpoint has no {prefix}{name}.");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
