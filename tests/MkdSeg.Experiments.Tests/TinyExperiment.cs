using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Experiments.Planning;
using MkdSeg.IO;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Training.Running;
using MkdSeg.Volumes;

namespace MkdSeg.Experiments.Tests;

/// <summary>Data sets and trainings that take no time.</summary>
internal static class TinyExperiment
{
    private const int Side = 20;
    private const int Slices = 3;

    public static TrainingOptions Training { get; } = new()
    {
        Device = DeviceKind.Cpu,
        Threads = 1,
        Iterations = 2,
        BatchSize = 1,
        SegmentorRate = new(2e-3, LearningRateDecay.Constant),
        AdversarialRate = new(5e-4, LearningRateDecay.Constant),
        Segmentor = new() { Filters = [4, 8], Strides = [1, 2], ResidualUnits = 1 },
        Generator = new() { Width = 4, Blocks = 1, Downsamplings = 1, ResidualOutput = true },
        Discriminator = new() { Width = 4, Layers = 1 },
        Target = new() { PatchSize = 16, InPlaneSpacingMm = 1, ZMarginMm = 1 },
        Assistant = new() { PatchSize = 16, InPlaneSpacingMm = 1, ZMarginMm = 1 },
        Augmentation = AugmentationOptions.None,
        FieldFactor = 1,
    };

    /// <summary>As many volumes as asked for, without files.</summary>
    public static VolumeManifest Manifest(int ct = 20, int mr = 20, int ctTest = 10, int mrTest = 10) => new()
    {
        Name = "tiny",
        Title = "Tiny",
        Licence = "none",
        Labels = LabelSet.WholeHeart.Structures,
        Modalities = new Dictionary<string, ModalityEntry>
        {
            ["CT"] = new() { Window = IntensityWindow.Ct },
            ["MR"] = new() { Window = IntensityWindow.Mr },
        },
        Cases =
        [
            .. Cases("CT", "train", ct), .. Cases("MR", "train", mr), .. Cases("CT", "test", ctTest),
            .. Cases("MR", "test", mrTest),
        ],
    };

    /// <summary>The same with files: two structures, a cube each, of different brightness.</summary>
    public static VolumeManifest Write(string folder, int ct, int mr, int ctTest)
    {
        var labels = LabelSet.WholeHeart.Structures.Take(2).ToList();
        var manifest = Manifest(ct, mr, ctTest, 0) with { Labels = labels, DataRoot = folder };
        foreach (var entry in manifest.Cases)
        {
            var random = new SeededRandom(5).Derive(entry.Id);
            var grid = new Grid(new(Side, Side, Slices), new(1, 1, 1), default, Direction.Identity);
            var image = new Volume<float>(grid, new float[grid.Size.VoxelCount]);
            var classes = new Volume<byte>(grid, new byte[grid.Size.VoxelCount]);
            var shift = random.NextInt(4);
            for (var i = 0; i < image.Voxels.Length; i++)
            {
                int x = i % Side - shift, y = i / Side % Side - shift;
                classes.Voxels[i] = (byte)(y is < 4 or > 12 ? 0 : x is > 3 and < 8 ? 1 : x is > 8 and < 14 ? 2 : 0);
                image.Voxels[i] = (float)((classes.Voxels[i] * 150) + (20 * random.NextGaussian()));
            }

            VolumeFile.Write(image, manifest.ImagePath(entry));
            VolumeFile.Write(manifest.LabelSet.ToValues(classes), manifest.LabelPath(entry)!);
        }

        return manifest;
    }

    public static ExperimentOptions Options { get; } = new()
    {
        Tables = [1],
        TargetVolumes = [2],
        Seeds = [1],
        Methods = ["baseline", "mkd"],
        Training = Training,
    };

    private static IEnumerable<CaseEntry> Cases(string modality, string split, int count) =>
        Enumerable.Range(1, count).Select(number =>
        {
            var id = $"{modality}_{split}_{number}".ToLowerInvariant();
            return new CaseEntry
            {
                Id = id,
                Modality = modality,
                Image = $"{id}_image.nii.gz",
                Label = $"{id}_label.nii.gz",
                Split = split,
            };
        });
}
