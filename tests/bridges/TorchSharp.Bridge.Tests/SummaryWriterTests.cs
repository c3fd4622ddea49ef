using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests;

/// <summary>
/// Event files, read by nothing that wrote them: records, checksums, messages and images are taken apart by hand.
/// </summary>
public class SummaryWriterTests
{
    private string _folder = "";

    [SetUp]
    public void Make_a_folder() => _folder = Directory.CreateTempSubdirectory("mkdseg-events-").FullName;

    [TearDown]
    public void Remove_it() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Scalars_are_events_with_tag_step_and_value()
    {
        var writer = utils.tensorboard.SummaryWriter(_folder);
        writer.add_scalar("loss/L_cyc", 0.25f, 300, walltime: 1_700_000_000);
        writer.add_scalar("loss/L_cyc", float.NaN, 301);

        var events = Records().Select(Fields).ToList();
        Assert.That(Text(events[0][3]), Is.EqualTo("brain.Event:2"));
        Assert.That(events, Has.Count.EqualTo(3));
        Assert.That(BitConverter.UInt64BitsToDouble((ulong)events[1][1]), Is.EqualTo(1_700_000_000.0));
        Assert.That(events[1][2], Is.EqualTo(300ul));
        var value = Fields((byte[])Fields((byte[])events[1][5])[1]);
        Assert.That(Text(value[1]), Is.EqualTo("loss/L_cyc"));
        Assert.That(BitConverter.UInt32BitsToSingle((uint)value[2]), Is.EqualTo(0.25f));
        var last = Fields((byte[])Fields((byte[])events[2][5])[1]);
        Assert.That(BitConverter.UInt32BitsToSingle((uint)last[2]), Is.NaN);
    }

    [TestCase("CHW")]
    [TestCase("HWC")]
    public void Images_are_png_of_the_tensor_s_values(string format)
    {
        using var scope = NewDisposeScope();
        // 2 rows, 3 columns, 3 channels; values beyond [0, 1] are clipped.
        var image = tensor(new[] { 0f, 1, 0.5f, 0.2f, 2, -1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1 }, [2, 3, 3]);
        var given = format == "HWC" ? image : image.permute(2, 0, 1);
        utils.tensorboard.SummaryWriter(_folder).add_img("x", given, 1, dataformats: format);
        var picture = Fields((byte[])Fields((byte[])Fields((byte[])Fields(Records()[1])[5])[1])[4]);
        Assert.That((picture[1], picture[2], picture[3]), Is.EqualTo(((object)2ul, (object)3ul, (object)3ul)));
        Assert.That(
            Pixels((byte[])picture[4], rowBytes: 9),
            Is.EqualTo(new byte[] { 0, 255, 127, 51, 255, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255 }));
    }

    [Test]
    public void Bytes_and_single_planes_are_taken_as_they_are()
    {
        using var scope = NewDisposeScope();
        var image = tensor(new byte[] { 0, 100, 200, 255 }, [2, 2]);
        utils.tensorboard.SummaryWriter(_folder).add_img("x", image, 1, dataformats: "HW");
        var picture = Fields((byte[])Fields((byte[])Fields((byte[])Fields(Records()[1])[5])[1])[4]);
        Assert.That(picture[3], Is.EqualTo(1ul));
        Assert.That(Pixels((byte[])picture[4], rowBytes: 2), Is.EqualTo(new byte[] { 0, 100, 200, 255 }));
    }

    [Test]
    public void Two_writers_of_one_folder_have_files_of_their_own()
    {
        utils.tensorboard.SummaryWriter(_folder).add_scalar("a", 1, 1);
        utils.tensorboard.SummaryWriter(_folder).add_scalar("a", 2, 2);
        Assert.That(Directory.GetFiles(_folder, "events.out.tfevents.*"), Has.Length.EqualTo(2));
    }

    [Test]
    public void The_checksum_is_the_one_of_RFC_3720() =>
        Assert.That(Crc32C(Encoding.ASCII.GetBytes("123456789")), Is.EqualTo(0xE3069283));

    private List<byte[]> Records()
    {
        var bytes = File.ReadAllBytes(Directory.GetFiles(_folder).Single());
        var records = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            Assert.That(Checksum(at + 8), Is.EqualTo(Masked(bytes.AsSpan(at, 8))), "of the length");
            Assert.That(Checksum(at + 12 + length), Is.EqualTo(Masked(bytes.AsSpan(at + 12, length))), "of the message");
            records.Add(bytes[(at + 12)..(at + 12 + length)]);
            at += 16 + length;
        }

        return records;

        uint Checksum(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    // Castagnoli's polynomial, bit by bit.
    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0x82f63b78 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }

    /// <summary>A message's fields by number: ulong, uint or bytes.</summary>
    private static Dictionary<int, object> Fields(byte[] message)
    {
        var fields = new Dictionary<int, object>();
        for (var at = 0; at < message.Length;)
        {
            var key = (int)Varint(ref at);
            switch (key & 7)
            {
                case 0:
                    fields[key >> 3] = Varint(ref at);
                    break;
                case 1:
                    fields[key >> 3] = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(ref at);
                    fields[key >> 3] = message[at..(at + length)];
                    at += length;
                    break;
                default:
                    fields[key >> 3] = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at));
                    at += 4;
                    break;
            }
        }

        return fields;

        ulong Varint(ref int at)
        {
            var value = 0ul;
            for (var shift = 0; ; shift += 7)
            {
                var next = message[at++];
                value |= (ulong)(next & 127) << shift;
                if (next < 128)
                    return value;
            }
        }
    }

    private static string Text(object field) => Encoding.UTF8.GetString((byte[])field);

    /// <summary>The bytes of a PNG's pixels, all rows stored without a filter.</summary>
    private static byte[] Pixels(byte[] png, int rowBytes)
    {
        Assert.That(png[..8], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a }));
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (Encoding.ASCII.GetString(png, at + 4, 4) == "IDAT")
                packed.Write(png, at + 8, length);
            at += 12 + length;
        }

        packed.Position = 0;
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionMode.Decompress))
            zlib.CopyTo(rows);
        return [.. rows.ToArray().Chunk(rowBytes + 1).SelectMany(row => row[0] == 0 ? row[1..] : throw new InvalidDataException())];
    }
}
