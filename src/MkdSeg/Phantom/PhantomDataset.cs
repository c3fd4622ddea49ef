using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Preprocessing;

namespace MkdSeg.Phantom;

/// <summary>Writes phantom volumes to disk as an ordinary data set.</summary>
public static class PhantomDataset
{
    /// <summary>File name of the manifest within the folder.</summary>
    public const string ManifestFileName = "dataset.json";

    /// <summary>Incremented whenever a seed yields different voxels, so that files from older versions are replaced.</summary>
    private const int GeneratorVersion = 2;

    /// <summary>Number of volumes generated in parallel; each keeps an image and its noise in memory.</summary>
    private const int Parallelism = 2;

    /// <summary>
    /// Writes the volumes (<c>ct_train/ct_train_1001_image.nii.gz</c>, <c>…_label.nii.gz</c>, …, label values as
    /// in MM-WHS) and the manifest. Complete files generated from the same options are kept.
    /// </summary>
    /// <param name="folder">The folder; created if missing.</param>
    /// <param name="options">Which volumes to write.</param>
    /// <param name="progress">Receives a <see cref="WorkProgress"/> after each volume; may be null.</param>
    /// <param name="cancellationToken">Checked between volumes; finished volumes are kept for the next call.</param>
    /// <returns>The manifest as saved.</returns>
    /// <exception cref="UserErrorException">A number of volumes is negative, or all are zero.</exception>
    public static VolumeManifest Write(
        string folder,
        PhantomDatasetOptions options,
        IProgress<WorkEvent>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        var cases = Cases(options);
        Directory.CreateDirectory(folder);
        var entries = new CaseEntry[cases.Count];
        var done = 0;
        var gate = new Lock();
        try
        {
            Parallel.For(
                0,
                cases.Count,
                new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                index =>
                {
                    var (id, request) = cases[index];
                    entries[index] = WriteCase(folder, id, request, out var wasThere);
                    lock (gate)
                        progress?.Report(new WorkProgress(++done, cases.Count, wasThere ? $"{id} already exists" : id));
                });
        }
        catch (AggregateException error)
            when (error.InnerExceptions.OfType<UserErrorException>().FirstOrDefault() is { } inner)
        {
            throw new UserErrorException(inner.Message, error);
        }

        var manifest = Manifest(options, entries) with { DataRoot = Path.GetFullPath(folder) };
        manifest.Save(Path.Combine(folder, ManifestFileName));
        return manifest;
    }

    /// <summary>Returns the name and request of every volume in a data set.</summary>
    /// <exception cref="UserErrorException">
    /// A number of volumes is negative, all are zero, the slice thickness is not above 0, or the grades are out of range.
    /// </exception>
    public static IReadOnlyList<(string CaseId, PhantomRequest Request)> Cases(PhantomDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.SliceThicknessMm is { } thickness && !(thickness > 0 && double.IsFinite(thickness)))
            throw new UserErrorException($"Phantom slices of {thickness} mm were requested; the thickness must be above 0.");
        if (options.Grade < 0 || options.Grades < 1 || options.Grade + options.Grades - 1 > PhantomRequest.HardestGrade)
        {
            throw new UserErrorException(
                $"{options.Grades} grades of difficulty from grade {options.Grade} up were requested; grades run from 0 to "
                + $"{PhantomRequest.HardestGrade}.");
        }

        var cases = new List<(string, PhantomRequest)>();
        Add("ct_train", 1001, options.CtTrain, PhantomModality.Ct);
        Add("mr_train", 1001, options.MrTrain, PhantomModality.Mr);
        Add("ct_test", 2001, options.CtTest, PhantomModality.Ct, options.Grades);
        Add("mr_test", 2001, options.MrTest, PhantomModality.Mr);
        return cases.Count > 0
            ? cases
            : throw new UserErrorException("The phantom data set would be empty; request at least one volume.");

        void Add(string part, int first, int count, PhantomModality modality, int grades = 1)
        {
            if (count is < 0 or > 999)
            {
                throw new UserErrorException(
                    $"{count} volumes of {part} were requested; the number must be between 0 and 999.");
            }

            var seeds = new SeededRandom(options.Seed).Derive(part);
            for (var i = 0; i < count; i++)
            {
                var seed = seeds.Derive((ulong)i).NextUInt64();
                for (var n = 0; n < grades; n++)
                {
                    var grade = modality == PhantomModality.Ct ? options.Grade + n : 0;
                    cases.Add(($"{part}_{first + i}{(grades > 1 ? $"g{grade}" : "")}", new()
                    {
                        Seed = seed,
                        Modality = modality,
                        Size = options.Size,
                        Variation = options.Variation,
                        SliceThicknessMm = options.SliceThicknessMm,
                        Grade = grade,
                    }));
                }
            }
        }
    }

    private static CaseEntry WriteCase(string folder, string id, PhantomRequest request, out bool wasThere)
    {
        // One folder per part of the data set, as in MM-WHS, so that the test volumes can be scored separately.
        var part = id[..id.LastIndexOf('_')];
        Directory.CreateDirectory(Path.Combine(folder, part));
        var (image, label) = ($"{part}/{id}_image.nii.gz", $"{part}/{id}_label.nii.gz");
        var tissues = HasTissueMap(request, part) ? $"{part}/{id}_tissues.nii.gz" : null;
        var (imagePath, labelPath) = (Path.Combine(folder, image), Path.Combine(folder, label));
        var tissuePath = tissues is null ? null : Path.Combine(folder, tissues);
        var stampPath = Path.Combine(folder, part, $".{id}.phantom.json");
        var stamp = ReadStamp(stampPath);
        wasThere = stamp is not null
            && stamp.Version == GeneratorVersion
            && stamp.Request == request
            && IsFile(imagePath, stamp.ImageSha256)
            && IsFile(labelPath, stamp.LabelSha256)
            && (tissuePath is null || IsFile(tissuePath, stamp.TissueSha256!));
        if (stamp is null || !wasThere)
        {
            var volume = PhantomGenerator.Generate(request);
            VolumeFile.Write(volume.Image, imagePath);
            VolumeFile.WriteLabels(volume.Classes, LabelSet.WholeHeart, labelPath);
            if (tissuePath is not null)
                VolumeFile.Write(PhantomGenerator.TissueMap(request), tissuePath);
            stamp = new(GeneratorVersion, request, FileHash.OfFile(imagePath), FileHash.OfFile(labelPath))
            {
                TissueSha256 = tissuePath is null ? null : FileHash.OfFile(tissuePath),
            };
            StrictJson.Save(stampPath, stamp);
        }

        return new()
        {
            Id = id,
            Modality = request.Modality == PhantomModality.Ct ? "CT" : "MR",
            Image = image,
            Label = label,
            ImageSha256 = stamp.ImageSha256,
            LabelSha256 = stamp.LabelSha256,
            TissueMap = tissues,
            Split = id.Contains("_train_", StringComparison.Ordinal) ? "train" : "test",
        };
    }

    // Training redraws the appearance of these volumes from their tissue maps.
    private static bool HasTissueMap(PhantomRequest request, string part) =>
        request.Variation == PhantomVariation.Clinical && part == "ct_train";

    private static Stamp? ReadStamp(string path)
    {
        try
        {
            return File.Exists(path) ? StrictJson.Load<Stamp>(path) : null;
        }
        catch (UserErrorException)
        {
            return null; // written by another version: regenerate the volume
        }
    }

    private static bool IsFile(string path, string sha256) => File.Exists(path) && FileHash.OfFile(path) == sha256;

    private static VolumeManifest Manifest(PhantomDatasetOptions options, IReadOnlyList<CaseEntry> entries) => new()
    {
        Name = "phantom",
        Title = $"Whole-heart phantom of MkdSeg ({options.Size}, {options.Variation}, seed {options.Seed})",
        Licence = "Made by this program; free to use for anything.",
        Labels = LabelSet.WholeHeart.Structures,
        Modalities = new Dictionary<string, ModalityEntry>
        {
            ["CT"] = new() { Description = "contrast-enhanced CT, Hounsfield units", Window = IntensityWindow.Ct },
            ["MR"] = new() { Description = "balanced SSFP, arbitrary units", Window = IntensityWindow.Mr },
        },
        Cases = entries,
    };

    /// <summary>Records what a volume on disk was generated from, so that it is not generated twice.</summary>
    private sealed record Stamp(int Version, PhantomRequest Request, string ImageSha256, string LabelSha256)
    {
        public string? TissueSha256 { get; init; }
    }
}
