using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;
using itk.simple;

namespace MkdSeg.Tests.IO;

/// <summary>What is written, other readers understand: ITK by its qform, nibabel by its sform.</summary>
public class NiftiWriterTests
{
    private static readonly Direction[] Directions =
    [
        Direction.Identity,
        new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1)),
        new(new(1, 0, 0), new(0, 1, 0), new(0, 0, -1)),
        new(new(0, 1, 0), new(0, 0, -1), new(1, 0, 0)),
        new(new(0.8, 0.6, 0), new(-0.36, 0.48, 0.8), new(0.48, -0.64, 0.6)),
        new(new(-0.8, 0.6, 0), new(0.36, 0.48, 0.8), new(-0.48, -0.64, 0.6)),
    ];

    [TestCaseSource(nameof(Directions))]
    public void Itk_reads_the_same_grid_and_voxels(Direction direction)
    {
        using var folder = new TemporaryFolder();
        var volume = Volume(direction);
        VolumeFile.Write(volume, folder["a.nii"]);
        using var reader = new ImageFileReader();
        reader.SetFileName(folder["a.nii"]);
        using var image = reader.Execute();
        Assert.That(image.GetOrigin(), Is.EqualTo(new[] { -12.5, 30.25, -201.125 }).Within(1e-5));
        Assert.That(image.GetSpacing(), Is.EqualTo(new[] { 0.75, 1.25, 3 }).Within(1e-5));
        Assert.That(image.GetDirection(), Is.EqualTo(direction.ToRowMajor()).Within(1e-5));
        var voxels = new float[24];
        Marshal.Copy(image.GetConstBufferAsFloat(), voxels, 0, voxels.Length);
        Assert.That(voxels, Is.EqualTo(volume.Voxels));
    }

    [Test]
    public void Sheared_axes_go_into_the_sform_alone()
    {
        using var folder = new TemporaryFolder();
        var sheared = new Direction(new(1, 0, 0), new(0, 1, 0), new(0, 0.6, 0.8));
        var volume = Volume(sheared);
        VolumeFile.Write(volume, folder["a.nii.gz"]);
        var bytes = Unpack(folder["a.nii.gz"]);
        Assert.That(BitConverter.ToInt16(bytes, 252), Is.Zero, "qform_code");
        Assert.That(BitConverter.ToInt16(bytes, 254), Is.EqualTo(1), "sform_code");
        Assert.That(BitConverter.ToSingle(bytes, 280 + 16 + 8), Is.EqualTo(-1.8f), "y of the z axis, to the front");
    }

    [Test]
    public void Nibabel_reads_the_same_affine_and_types()
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python) || Run(python, "import nibabel").Exit != 0)
            Assert.Ignore("Debian's python3-nibabel is not installed.");
        using var folder = new TemporaryFolder();
        var grid = Volume(Directions[5]).Grid;
        VolumeFile.Write(Volume(Directions[5]), folder["float.nii.gz"]);
        VolumeFile.Write(new Volume<ushort>(grid, [.. Enumerable.Range(0, 24).Select(i => (ushort)(i * 2000))]), folder["ushort.nii.gz"]);
        VolumeFile.Write(new Volume<byte>(grid, [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 9))]), folder["byte.nii"]);
        var (exit, output) = Run(python, $"""
            import json, nibabel
            found = []
            for name in ('float.nii.gz', 'ushort.nii.gz', 'byte.nii'):
                image = nibabel.load(r'{folder.Path}/' + name)
                found.append([str(image.get_data_dtype()), float(image.get_fdata()[3, 2, 1]), list(image.header.get_zooms()[:3]),
                              image.get_sform().tolist(), image.get_qform().tolist()])
            print(json.dumps(found, default=float))
            """);
        Assert.That(exit, Is.Zero, output);
        var found = JsonSerializer.Deserialize<JsonElement>(output);
        var affine = new double[4, 4];
        affine[3, 3] = 1;
        for (var row = 0; row < 3; row++)
        {
            var sign = row < 2 ? -1 : 1;
            for (var axis = 0; axis < 3; axis++)
                affine[row, axis] = sign * grid.Direction[axis][row] * grid.SpacingMm[axis];
            affine[row, 3] = sign * grid.OriginMm[row];
        }

        string[] types = ["float32", "uint16", "uint8"];
        double[] values = [23 * 1.5, 46000, 207];
        for (var i = 0; i < 3; i++)
        {
            Assert.That(found[i][0].GetString(), Is.EqualTo(types[i]));
            Assert.That(found[i][1].GetDouble(), Is.EqualTo(values[i]));
            for (var row = 0; row < 4; row++)
            {
                for (var column = 0; column < 4; column++)
                {
                    Assert.That(found[i][3][row][column].GetDouble(), Is.EqualTo(affine[row, column]).Within(1e-5), "sform");
                    Assert.That(found[i][4][row][column].GetDouble(), Is.EqualTo(affine[row, column]).Within(1e-4), "qform");
                }
            }
        }
    }

    [Test]
    public void The_same_volume_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        VolumeFile.Write(Volume(Directions[4]), folder["a.nii.gz"]);
        VolumeFile.Write(Volume(Directions[4]), folder["b.nii.gz"]);
        Assert.That(File.ReadAllBytes(folder["a.nii.gz"]), Is.EqualTo(File.ReadAllBytes(folder["b.nii.gz"])));
    }

    [Test]
    public void A_disk_that_is_full_leaves_no_file_behind()
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("This system has no /dev/full.");
        using var folder = new TemporaryFolder();
        Assert.That(
            () => VolumeFile.TranslateErrors(folder["a.nii"], () => MkdSeg.Common.AtomicFile.Write(folder["a.nii"], temporary =>
            {
                File.CreateSymbolicLink(temporary, "/dev/full");
                using var full = new FileStream(temporary, FileMode.Open, FileAccess.Write);
                full.Write(new byte[1 << 20]);
            })),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("No space left on device")
                .And.Message.Contains("a.nii' cannot be written"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    private static Volume<float> Volume(Direction direction) => new(
        new(new(4, 3, 2), new(0.75, 1.25, 3), new(-12.5, 30.25, -201.125), direction),
        [.. Enumerable.Range(0, 24).Select(i => i * 1.5f)]);

    private static byte[] Unpack(string path)
    {
        using var unpacked = new System.IO.Compression.GZipStream(
            File.OpenRead(path), System.IO.Compression.CompressionMode.Decompress);
        using var memory = new MemoryStream();
        unpacked.CopyTo(memory);
        return memory.ToArray();
    }

    private static (int Exit, string Output) Run(string python, string program)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(program);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : error.Result);
    }
}
