using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using TorchSharp.Utils.tensorboard.Events;

namespace TorchSharp.Utils.tensorboard;

/// <summary>
/// A file of TFRecords: length (8 bytes), its masked CRC-32C (4), the message, its masked CRC-32C (4), little-endian. Every
/// event is on disk when <see cref="Append"/> returns, since the real writer has no method to close it either.
/// </summary>
internal sealed class EventFile
{
    private const uint MaskDelta = 0xa282ead8;
    private readonly string _path;

    public EventFile(string folder, string? suffix)
    {
        Directory.CreateDirectory(folder);
        var now = DateTimeOffset.UtcNow;
        // Runs of the same second in one folder must not share a file.
        var name = $"events.out.tfevents.{now.ToUnixTimeSeconds()}.{Environment.MachineName}.{Environment.ProcessId}";
        var number = 0;
        do
            _path = Path.Combine(folder, $"{name}.{number++}{suffix}");
        while (File.Exists(_path));
        Append(new Event { WallTime = now.ToUnixTimeMilliseconds() / 1000.0, FileVersion = "brain.Event:2" });
    }

    public void Append(Event message)
    {
        var data = message.ToByteArray();
        var record = new byte[16 + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc(data));
        using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(record);
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
