using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.TestKit;

/// <summary>Makes damaged inputs of every format that is read.</summary>
public static class DamagedFiles
{
    private static readonly Grid Grid = new(new(12, 10, 6), new(2, 2, 4), new(-11, -9, 5), Direction.Identity);

    /// <param name="Path">What is to be read.</param>
    /// <param name="MustFail">
    /// False for a few flipped bytes, which may hit a voxel or a comment: such a file may also be read.
    /// </param>
    public sealed record Damaged(string Path, bool MustFail);

    /// <summary>Writes them one after the other, as they are asked for.</summary>
    public static IEnumerable<Damaged> Write(TemporaryFolder folder)
    {
        var whole = Whole(folder);
        foreach (var (name, bytes, header) in whole)
        {
            foreach (var length in Lengths(bytes.Length, header))
            {
                // The last bytes of packed data are a sum; without them, all voxels are there.
                var isPacked = name is "v.nii.gz" or "g.nrrd" or "z.mha";
                yield return Save(folder, $"cut{length}-{name}", bytes[..length], !isPacked || length < bytes.Length - 8);
            }

            foreach (var damaged in Flipped(folder, name, bytes, header))
                yield return damaged;
            yield return Save(folder, $"empty-{name}", [], true);
            yield return Save(folder, $"text-{name}", Encoding.ASCII.GetBytes("this is no volume\n"), true);
            yield return Save(folder, $"zeros-{name}", new byte[4096], true);
            yield return Save(folder, $"png-{name}", [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, .. new byte[500]], true);
            yield return Save(folder, $"noise-{name}", Noise(2000), true);
            var loop = folder[$"loop-{name}"];
            File.CreateSymbolicLink(loop, loop);
            yield return new(loop, true);
            var dangling = folder[$"dangling-{name}"];
            File.CreateSymbolicLink(dangling, folder["nothing-" + name]);
            yield return new(dangling, true);
        }

        foreach (var (name, bytes) in DamagedPngs.Make())
            yield return Save(folder, $"{name}.png", bytes, true);
        foreach (var damaged in Nifti(folder).Concat(Nrrd(folder)).Concat(Meta(folder)).Concat(Bombs(folder)).Concat(Dicom(folder)))
            yield return damaged;
    }

    // Header lengths, so that damage falls on both parts.
    private static List<(string Name, byte[] Bytes, int Header)> Whole(TemporaryFolder folder)
    {
        var volume = new Volume<float>(Grid, [.. Enumerable.Range(0, 720).Select(i => (float)(i % 97))]);
        var all = new List<(string, byte[], int)>();
        foreach (var (name, header) in new[] { ("v.nii", 352), ("v.nii.gz", 60), ("v.nrrd", 300), ("v.mha", 300) })
        {
            VolumeFile.Write(volume, folder["whole-" + name]);
            all.Add((name, File.ReadAllBytes(folder["whole-" + name]), header));
        }

        var packed = Text(NrrdHeader(encoding: "gzip"), Gzip(Bytes(720 * 2)));
        all.Add(("g.nrrd", packed, 250));
        var zlib = Zlib(Bytes(720 * 2));
        all.Add(("z.mha", Text(MetaHeader($"CompressedData = True\nCompressedDataSize = {zlib.Length}\n"), zlib), 250));
        all.Add(("p.png", DamagedPngs.Whole(), 41));
        new DicomSlice { Columns = 12, Rows = 10 }.Write(folder["whole.dcm"]);
        all.Add(("s.dcm", File.ReadAllBytes(folder["whole.dcm"]), 500));
        return all;
    }

    private static IEnumerable<int> Lengths(int length, int header) =>
        new[] { 1, 3, 4, 10, header / 4, header / 2, header - 2, (length + header) / 2, length - 20, length - 5 }
            .Where(at => at > 0 && at < length).Distinct();

    private static IEnumerable<Damaged> Flipped(TemporaryFolder folder, string name, byte[] bytes, int header)
    {
        var random = new Random(name.Length);
        for (var round = 0; round < 20; round++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var i = 0; i < 1 + (round % 4); i++)
                damaged[random.Next(round < 16 ? Math.Min(header, bytes.Length) : bytes.Length)] ^= (byte)(1 << random.Next(8));
            yield return Save(folder, $"flip{round}-{name}", damaged, false);
        }
    }

    private static IEnumerable<Damaged> Nifti(TemporaryFolder folder)
    {
        var whole = File.ReadAllBytes(folder["whole-v.nii"]);
        foreach (var (what, change) in new (string, Action<byte[]>)[]
            {
                ("huge", b => Shorts(b, 42, 32767, 32767, 32767)),
                ("negative", b => Shorts(b, 42, -5)),
                ("nosize", b => Shorts(b, 42, 0)),
                ("many", b => Shorts(b, 40, 4, 12, 10, 6, 30)),
                ("dimensions", b => Shorts(b, 40, 77)),
                ("type", b => Shorts(b, 70, 9999)),
                ("spacing0", b => { Shorts(b, 254, 0); Singles(b, 80, 0, 0, 0); }),
                ("spacingnan", b => { Shorts(b, 254, 0); Singles(b, 80, float.NaN, 2, 2); }),
                ("singular", b => { Shorts(b, 252, 0); Singles(b, 280, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0); }),
                ("nowhere", b => { Shorts(b, 252, 0); Singles(b, 280, float.NaN); }),
                ("offset", b => Singles(b, 108, 1e9f)),
                ("magic", b => b[344] = (byte)'x'),
                ("pair", b => b[345] = (byte)'i'),
                ("nan", b => Fill(b, float.NaN)),
                ("infinite", b => Fill(b, float.PositiveInfinity)),
                ("intercept", b => Singles(b, 112, 2, float.PositiveInfinity)),
            })
        {
            var bytes = (byte[])whole.Clone();
            change(bytes);
            yield return Save(folder, $"{what}.nii", bytes, true);
            yield return Save(folder, $"{what}.nii.gz", Gzip(bytes), true);
        }
    }

    private static IEnumerable<Damaged> Nrrd(TemporaryFolder folder)
    {
        foreach (var encoding in new[] { "raw", "gzip" })
        {
            foreach (var (what, header) in new[]
                {
                    ("huge", NrrdHeader("100000 100000 100000", encoding: encoding)),
                    ("huge2", NrrdHeader("2000 2000 400", encoding: encoding)),
                    ("overflow", NrrdHeader("4294967297 10 6", encoding: encoding)),
                    ("negative", NrrdHeader("-12 10 6", encoding: encoding)),
                    ("nosize", NrrdHeader("0 10 6", encoding: encoding)),
                    ("few", NrrdHeader("12 10", encoding: encoding)),
                    ("singular", NrrdHeader(directions: "(2,0,0) (2,0,0) (0,0,4)", encoding: encoding)),
                    ("spacing0", NrrdHeader(directions: "(0,0,0) (0,2,0) (0,0,4)", encoding: encoding)),
                    ("spacingnan", NrrdHeader(directions: "(nan,0,0) (0,2,0) (0,0,4)", encoding: encoding)),
                    ("type", NrrdHeader(type: "quaternion", encoding: encoding)),
                    ("encoding", NrrdHeader(encoding: "morse")),
                    ("apart", NrrdHeader(encoding: encoding, more: "data file: nowhere.raw\n")),
                })
            {
                yield return Save(
                    folder, $"{what}-{encoding}.nrrd", Text(header, encoding == "raw" ? Bytes(1440) : Gzip(Bytes(1440))), true);
            }
        }

        foreach (var (what, value) in new[] { ("nan", float.NaN), ("infinite", float.NegativeInfinity) })
        {
            var voxels = new byte[720 * 4];
            for (var i = 0; i < 720; i++)
                BinaryPrimitives.WriteSingleLittleEndian(voxels.AsSpan(4 * i), value);
            yield return Save(folder, $"{what}.nrrd", Text(NrrdHeader(type: "float"), voxels), true);
        }
    }

    private static IEnumerable<Damaged> Meta(TemporaryFolder folder)
    {
        foreach (var (what, header) in new[]
            {
                ("huge", MetaHeader(size: "100000 100000 100000")),
                ("huge2", MetaHeader(size: "2000 2000 400")),
                ("negative", MetaHeader(size: "-12 10 6")),
                ("nosize", MetaHeader(size: "0 10 6")),
                ("spacing0", MetaHeader(spacing: "0 2 4")),
                ("spacingnan", MetaHeader(spacing: "nan 2 4")),
                ("singular", MetaHeader(matrix: "1 0 0 1 0 0 0 0 1")),
                ("type", MetaHeader(type: "MET_QUATERNION")),
                ("apart", MetaHeader(data: "nowhere.raw")),
                ("list", MetaHeader(data: "LIST\na.raw\nb.raw")),
                ("pattern", MetaHeader(data: "slice%03d.raw 1 6 1")),
                ("dimensions", MetaHeader(more: "NDims = 99\n")),
            })
        {
            yield return Save(folder, $"{what}.mha", Text(header, Bytes(1440)), true);
        }
    }

    // Members of a gzip file follow each other; each of these unpacks to 64 MB.
    private static IEnumerable<Damaged> Bombs(TemporaryFolder folder)
    {
        var member = Gzip(new byte[1 << 26]);
        byte[] bomb = [.. Enumerable.Repeat(member, 16).SelectMany(bytes => bytes)];
        var header = File.ReadAllBytes(folder["whole-v.nii"])[..352];
        Shorts(header, 42, 1000, 1000, 1000);
        Shorts(header, 70, 2, 8);
        yield return Save(folder, "bomb.nii.gz", [.. Gzip(header), .. bomb], true);
        Shorts(header, 42, 30000, 30000, 30000);
        yield return Save(folder, "greater-bomb.nii.gz", [.. Gzip(header), .. bomb], true);
        yield return Save(
            folder, "bomb.nrrd", Text(NrrdHeader("1000 1000 1000", "uint8", encoding: "gzip"), bomb), true);
        var zlib = Zlib(new byte[1 << 26]);
        yield return Save(folder, "bomb.mha", Text(
            MetaHeader($"CompressedData = True\nCompressedDataSize = {zlib.Length}\n", "1000 1000 1000", type: "MET_UCHAR"),
            zlib), true);
    }

    private static IEnumerable<Damaged> Dicom(TemporaryFolder folder)
    {
        var slice = new DicomSlice { Columns = 12, Rows = 10 };
        foreach (var (what, slices) in new (string, DicomSlice[])[]
            {
                ("nopixels", [.. slice.Stack(4, 2, (s, _) => s with { HasPixels = false })]),
                ("gap", [.. slice.Stack(6, 2).Where((_, i) => i != 3)]),
                ("nospacing", [.. slice.Stack(4, 2, (s, _) => s with { Spacing = (0, 0) })]),
                ("nodirection", [.. slice.Stack(4, 2, (s, _) => s with { Orientation = [0, 0, 0, 0, 0, 0] })]),
                ("singular", [.. slice.Stack(4, 2, (s, _) => s with { Orientation = [1, 0, 0, 1, 0, 0] })]),
                ("noposition", [.. slice.Stack(4, 2, (s, _) => s with { Extra = new Dictionary<uint, string> { [0x00200032] = "" } })]),
                ("oneplace", [.. slice.Stack(4, 0)]),
                ("sizes", [.. slice.Stack(4, 2, (s, i) => i < 2 ? s : s with { Columns = 20 })]),
                ("report", [slice with { SopClass = DicomSlice.ReportClass, Modality = "SR", HasPixels = false }]),
                ("capture", [slice with { SopClass = DicomSlice.SecondaryCaptureClass }]),
            })
        {
            for (var i = 0; i < slices.Length; i++)
                slices[i].Write(folder[$"dicom-{what}/{i}"]);
            yield return new(folder[$"dicom-{what}"], true);
        }

        var tree = folder["dicom-loop"];
        Directory.CreateDirectory(tree);
        Directory.CreateSymbolicLink(Path.Combine(tree, "again"), tree);
        yield return new(tree, true);
        var cut = folder["dicom-cut"];
        foreach (var (one, i) in slice.Stack(4, 2).Select((one, i) => (one, i)))
            one.Write(Path.Combine(cut, $"{i}"));
        var last = Path.Combine(cut, "3");
        File.WriteAllBytes(last, File.ReadAllBytes(last)[..^60]);
        yield return new(cut, true);
    }

    private static Damaged Save(TemporaryFolder folder, string name, byte[] bytes, bool mustFail)
    {
        File.WriteAllBytes(folder[name], bytes);
        return new(folder[name], mustFail);
    }

    private static string NrrdHeader(
        string sizes = "12 10 6",
        string type = "int16",
        string directions = "(2,0,0) (0,2,0) (0,0,4)",
        string encoding = "raw",
        string more = "") =>
        $"NRRD0005\ntype: {type}\ndimension: 3\nspace: left-posterior-superior\nsizes: {sizes}\nspace directions: {directions}\n"
        + $"endian: little\nencoding: {encoding}\nspace origin: (0,0,0)\n{more}\n";

    private static string MetaHeader(
        string more = "",
        string size = "12 10 6",
        string spacing = "2 2 4",
        string matrix = "1 0 0 0 1 0 0 0 1",
        string type = "MET_SHORT",
        string data = "LOCAL") =>
        $"ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n{more}TransformMatrix = {matrix}\n"
        + $"Offset = 0 0 0\nElementSpacing = {spacing}\nDimSize = {size}\nElementType = {type}\nElementDataFile = {data}\n";

    private static byte[] Text(string header, byte[] data) => [.. Encoding.ASCII.GetBytes(header), .. data];

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 7))];

    private static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    private static void Shorts(byte[] bytes, int offset, params short[] values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset + (2 * i)), values[i]);
    }

    private static void Singles(byte[] bytes, int offset, params float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(offset + (4 * i)), values[i]);
    }

    private static void Fill(byte[] bytes, float value)
    {
        for (var i = 352; i < bytes.Length; i += 4)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i), value);
    }

    private static byte[] Gzip(byte[] bytes) => Pack(bytes, stream => new GZipStream(stream, CompressionLevel.Fastest));

    private static byte[] Zlib(byte[] bytes) => Pack(bytes, stream => new ZLibStream(stream, CompressionLevel.Fastest));

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> packer)
    {
        using var memory = new MemoryStream();
        using (var stream = packer(memory))
            stream.Write(bytes);
        return memory.ToArray();
    }
}
