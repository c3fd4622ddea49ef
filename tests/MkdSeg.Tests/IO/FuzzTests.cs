using System.Diagnostics;
using System.Globalization;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>
/// Mutated DICOM, NIfTI, NRRD and MetaImage files: each is read or ends in one sentence, soon and in little memory.
/// docs/robustness.md has the figures of a long run.
/// </summary>
public class FuzzTests
{
    private const long MostBytes = 2L << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Test]
    public void Two_thousand_mutants_are_read_or_refused_in_a_sentence() => Run(2_000, seed: 1);

    [Test]
    [Explicit("Takes minutes; its figures are in docs/robustness.md.")]
    public void Hundred_thousand_mutants_are_read_or_refused_in_a_sentence() => Run(100_000, seed: 2);

    private static List<(string Name, byte[] Bytes, int Head)> Seeds(TemporaryFolder folder)
    {
        var seeds = new List<(string, byte[], int)>();
        foreach (var (name, head) in new[] { ("a.nii", 352), ("a.nii.gz", 200), ("a.nrrd", 330), ("a.mha", 330) })
        {
            VolumeFile.Write(Body.Volume, folder[name]);
            seeds.Add((name, File.ReadAllBytes(folder[name]), head));
        }

        var slice = Body.Slice(3);
        foreach (var (name, dicom) in new[]
            {
                ("explicit", slice), ("implicit", slice with { Syntax = DicomSlice.ImplicitSyntax }),
                ("big", slice with { Syntax = DicomSlice.BigEndianSyntax }),
                ("deflated", slice with { Syntax = DicomSlice.DeflatedSyntax }), ("bare", slice with { IsBare = true }),
                ("enhanced", slice with { Frames = [[0, 0, 0], [0, 0, 2], [0, 0, 4]] }),
                ("enhanced-lengths", slice with { Frames = [[0, 0, 0], [0, 0, 2]], SequencesHaveLength = true }),
            })
        {
            var bytes = dicom.ToBytes();
            seeds.Add((name + ".dcm", bytes, name == "deflated" ? bytes.Length : bytes.Length - (2 * 480 * (dicom.Frames?.Length ?? 1))));
        }

        return seeds;
    }

    private static void Run(int count, int seed)
    {
        using var folder = new TemporaryFolder();
        // Where set, files that were read stay there with what was read, for a comparison with nibabel and pydicom.
        var kept = Environment.GetEnvironmentVariable("MKDSEG_FUZZ_KEEP");
        var random = new Random(seed);
        var seeds = Seeds(folder);
        var (read, refused, slowest) = (0, 0, TimeSpan.Zero);
        var wrong = new List<string>();
        var watch = new Stopwatch();
        for (var i = 0; i < count; i++)
        {
            var (name, whole, head) = seeds[i % seeds.Count];
            var bytes = Mutation.Of(whole, head, random);
            var path = folder[$"mutant-{name}"];
            File.WriteAllBytes(path, bytes);
            watch.Restart();
            try
            {
                var volume = VolumeFile.ReadIntensities(path);
                read++;
                if (volume.Voxels.Length != volume.Grid.Size.VoxelCount || !volume.Voxels.All(float.IsFinite))
                    wrong.Add($"{i} {name}: read with voxels that are missing or not finite");
                if (kept is not null && read <= 3000)
                    Keep(kept, $"{i}-{name}", bytes, volume);
            }
            catch (UserErrorException error)
            {
                refused++;
                if (!error.Message.Contains("mutant", StringComparison.Ordinal) || error.Message.Any(char.IsControl))
                    wrong.Add($"{i} {name}: {error.Message}");
            }
            catch (Exception error)
            {
                wrong.Add($"{i} {name}: {error}");
            }

            if (watch.Elapsed > slowest)
                slowest = watch.Elapsed;
        }

        using var process = Process.GetCurrentProcess();
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} inputs: {read} read, {refused} refused, {wrong.Count} wrong; the slowest took {slowest.TotalSeconds:0.00} s; peak memory {process.PeakWorkingSet64 >> 20} MB"));
        Assert.Multiple(() =>
        {
            Assert.That(wrong.Take(10), Is.Empty);
            Assert.That(slowest, Is.LessThan(Longest));
            Assert.That(process.PeakWorkingSet64, Is.LessThan(MostBytes));
            Assert.That(read, Is.GreaterThan(count / 20));
            Assert.That(refused, Is.GreaterThan(count / 20));
        });
    }

    private static void Keep(string folder, string name, byte[] bytes, Volume<float> volume)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
        var (size, spacing) = (volume.Grid.Size, volume.Grid.SpacingMm);
        File.AppendAllText(Path.Combine(folder, "read.csv"), string.Create(
            CultureInfo.InvariantCulture,
            $"{name},{size.X},{size.Y},{size.Z},{spacing.X:r},{spacing.Y:r},{spacing.Z:r},{volume.Voxels.Min():r},{volume.Voxels.Max():r}\n"));
    }
}
