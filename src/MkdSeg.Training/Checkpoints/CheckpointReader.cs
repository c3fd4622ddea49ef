using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using MkdSeg.Common;
using static TorchSharp.torch;

namespace MkdSeg.Training.Checkpoints;

/// <summary>Reads what a <see cref="CheckpointWriter"/> wrote.</summary>
public sealed class CheckpointReader
{
    private readonly ZipArchive _archive;
    private readonly string _prefix;

    internal CheckpointReader(ZipArchive archive, Device device, string prefix = "") =>
        (_archive, Device, _prefix) = (archive, device, prefix);

    /// <summary>Where the training that goes on keeps its tensors.</summary>
    public Device Device { get; }

    /// <summary>A reader whose names begin with another one.</summary>
    public CheckpointReader Within(string name) => new(_archive, Device, $"{_prefix}{name}/");

    /// <summary>Reads a value.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public T Read<T>(string name) => JsonSerializer.Deserialize<T>(Bytes(name), StrictJson.Options)
        ?? throw new InvalidDataException($"The checkpoint's {_prefix}{name} is empty.");

    /// <summary>Reads numbers into a tensor of 32-bit floats.</summary>
    /// <exception cref="InvalidDataException">There is another count of them.</exception>
    public void Read(string name, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var numbers = MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();
        if (numbers.Length != values.numel())
        {
            throw new InvalidDataException(
                $"The checkpoint has {numbers.Length} numbers for {_prefix}{name}, and {values.numel()} are needed.");
        }

        values.copy_(tensor(numbers, values.shape, device: values.device));
    }

    private byte[] Bytes(string name)
    {
        var entry = _archive.GetEntry(_prefix + name)
            ?? throw new InvalidDataException($"The checkpoint has no {_prefix}{name}.");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
