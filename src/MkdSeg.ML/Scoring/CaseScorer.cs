using MkdSeg.Bundles;
using MkdSeg.IO;
using MkdSeg.IO.Dicom;
using MkdSeg.Metrics;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Processes a case in three parts, which run on different cases at the same time. A part never throws: an error becomes the
/// case's result.
/// </summary>
/// <param name="bundle">The model's description.</param>
/// <param name="segmenter">The model.</param>
/// <param name="options">What to write.</param>
/// <param name="folder">The output folder.</param>
/// <param name="modelSha256">The model's hash, recorded in DICOM objects.</param>
/// <param name="records">Records of finished cases.</param>
/// <param name="report">Called at the start of every stage, from several threads.</param>
/// <param name="cancellation">Abandons cases that are not being written.</param>
internal sealed class CaseScorer(
    ModelBundle bundle,
    HeartSegmenter segmenter,
    ScoringOptions options,
    string folder,
    string modelSha256,
    CaseRecords records,
    Action<CaseWork, ScoringStage> report,
    CancellationToken cancellation) : IDisposable
{
    private const string MaskSuffix = ".nii.gz";
    private const string ProbabilityFolder = "probabilities";

    // Wide enough for the heart and contrast agent, HU.
    private static readonly (double Lower, double Upper) CtWindow = (-250, 550);

    // One volume is prepared while the networks run on another; a third has only its masks left to write.
    private readonly SemaphoreSlim _memory = new(2);

    /// <summary>Reads a case's files and prepares the networks' input.</summary>
    public void Prepare(CaseWork work, CancellationToken stop) => work.Guard(() =>
    {
        if (work.Case.Problem is { } problem)
            throw new UserErrorException(problem);
        var needsLabel = segmenter.Crop == CropRule.Label;
        if (needsLabel && work.Case.LabelPath is null)
        {
            throw new UserErrorException(
                $"{work.Case.Name} has no annotation, which the crop rule Label needs; use the crop rule Located.");
        }

        var sha256 = work.Sha256 = Timed(work, ScoringStage.Hash, () => CaseRecords.HashOf(work.Case, needsLabel));
        if (!options.Force && records.Find(work.Case, sha256) is { } earlier)
        {
            work.Keep(earlier);
            return;
        }

        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellation))
            work.AcquireMemorySlot(_memory, either.Token);
        var (volume, label) = Timed(work, ScoringStage.Read, () => (
            work.Case.SeriesFiles.Count > 0
                ? VolumeFile.ReadIntensities(work.Case.SeriesFiles, work.Case.Path, work.Warnings)
                : VolumeFile.ReadIntensities(work.Case.Path, work.Warnings),
            needsLabel
                ? segmenter.Labels.ToClasses(VolumeFile.ReadLabels(work.Case.LabelPath!), work.Case.LabelPath!)
                : null));
        work.Doubts.AddRange(QualityCheck.Doubts(volume, bundle));
        var found = segmenter.Begin(volume, work.Case.Path, label, cancellation);
        (work.Volume, work.Segmentation) = (volume, found);
        if (segmenter.Crop is CropRule.Label or CropRule.Located)
            Timed(work, ScoringStage.Locate, () => found.Box);
        Timed(work, ScoringStage.Prepare, () => found.Prepared);
    });

    /// <summary>Runs the networks.</summary>
    public void Segment(CaseWork work) =>
        work.Guard(() => Timed(work, ScoringStage.Segment, () => work.Segmentation!.RawMask));

    /// <summary>Measures the networks' results and writes the files.</summary>
    public void Write(CaseWork work) => work.Guard(() =>
    {
        var (found, grid) = (work.Segmentation!, work.Volume!.Grid);
        var (structures, whole, heart, members) = Timed(work, ScoringStage.Restore, () =>
        {
            var measures = new MaskMeasures(found.Mask, IsCt ? work.Volume : null);
            var measured = Measure(found, measures);
            work.Doubts.AddRange(QualityCheck.Doubts(measures, measured, bundle));
            return (
                measured,
                measures.ExtentMm(measures.WholeBox),
                HeartMeasures.Of(
                    measures,
                    found.Mask,
                    segmenter.Labels,
                    work.Case.SeriesFiles.Count > 0 ? BodySurface.Read(work.Case.SeriesFiles[0]) : null),
                options.SegmentorMasks
                    ? segmenter.Roles.Select((role, i) => (role, found.SegmentorMask(i))).ToArray()
                    : []);
        });
        work.Warnings.AddRange(QualityCheck.Warnings(structures));
        var agreement = structures.Select(structure => structure.Agreement).OfType<double>().ToArray();
        var (mask, probabilities) = (found.Mask, found.Probabilities);
        // Overlays show the volume; without them, its memory is freed for another case while this one is written.
        var volume = options.Formats.HasFlag(MaskFormats.Overlay) ? work.Volume : null;
        if (volume is null)
            work.Dispose();
        records.Remove(work.Case.Name);
        var files = Timed(work, ScoringStage.Write, () => WriteFiles(
            work,
            mask,
            members,
            probabilities,
            grid,
            volume,
            OverlayPage.Lines(work.Case.Name, bundle, segmenter.Labels, structures, heart, work.Doubts.Count > 0)));
        work.Dispose();
        work.Finish(row =>
        {
            var result = row with
            {
                Structures = structures,
                ExtentMm = whole,
                Heart = heart,
                Agreement = agreement.Length > 0 ? agreement.Average() : null,
            };
            records.Add(result, files);
            return result;
        });
    });

    public void Dispose() => _memory.Dispose();

    private bool IsCt => bundle.Modality.Equals("CT", StringComparison.OrdinalIgnoreCase);

    private StructureResult[] Measure(HeartSegmentation found, MaskMeasures measures)
    {
        var agreement = found.MeasureAgreement();
        var (removed, filled) = CountChanges(found.RawMask.Voxels, found.Mask.Voxels);
        var voxelMl = found.Mask.Grid.VoxelMl;
        return
        [
            .. segmenter.Labels.Structures.Select((structure, i) => new StructureResult
            {
                Name = structure.Name,
                VolumeMl = measures.VolumeMl(structure.ClassIndex),
                IsCut = measures.IsCut(structure.ClassIndex),
                Hounsfield = measures.Hounsfield(structure.ClassIndex),
                CentroidMm = measures.CentroidMm(structure.ClassIndex),
                BoxMm = measures.BoxMm(structure.ClassIndex),
                ExtentMm = measures.ExtentMm(measures.Box(structure.ClassIndex)),
                Agreement = i < agreement.Length && !double.IsNaN(agreement[i]) ? agreement[i] : null,
                RemovedMl = removed[i + 1] * voxelMl,
                FilledMl = filled[i + 1] * voxelMl,
            }),
        ];
    }

    /// <summary>Counts the voxels that clean-up removed from and added to each class.</summary>
    private static (long[] Removed, long[] Filled) CountChanges(byte[] before, byte[] after)
    {
        var (removed, filled) = (new long[256], new long[256]);
        if (ReferenceEquals(before, after))
            return (removed, filled);
        for (var i = before.AsSpan().CommonPrefixLength(after); i < before.Length; i++)
        {
            if (before[i] == after[i])
                continue;
            removed[before[i]]++;
            filled[after[i]]++;
        }

        return (removed, filled);
    }

    /// <summary>Writes the files of a case; each appears only once complete.</summary>
    /// <returns>The files, relative to the output folder.</returns>
    private List<string> WriteFiles(
        CaseWork work,
        Volume<byte> mask,
        IReadOnlyList<(string Role, Volume<byte> Mask)> members,
        ProbabilityVolume? probabilities,
        Grid grid,
        Volume<float>? volume,
        IReadOnlyList<(string Text, string? Colour)> page)
    {
        var (written, name) = (new List<string>(), work.Case.Name);
        // Archives do not show the results table alongside their objects.
        var mark = work.Doubts.Count > 0 ? "DOUBTFUL: " : "";
        var formats = options.Formats;
        var isDicom = (formats & (MaskFormats.DicomSeg | MaskFormats.Overlay)) != 0;
        var context = isDicom ? ContextOf(work) : null;
        if (isDicom && context is null)
        {
            formats |= MaskFormats.Nifti;
            DeleteDicomObjects(name);
            foreach (var (role, _) in members)
                DeleteDicomObjects(Path.Combine(role, name));
        }

        if (probabilities is not null)
        {
            foreach (var structure in segmenter.Labels.Structures)
            {
                var path = Path.Combine(ProbabilityFolder, $"{name}_{FileName(structure.Name)}{MaskSuffix}");
                VolumeFile.Write(
                    MaskResampler.ResampleProbability(probabilities, structure.ClassIndex, grid), Path.Combine(folder, path));
                written.Add(path);
            }
        }

        if (context is not null && volume is not null)
        {
            var window = IsCt ? CtWindow : IntensityWindow.Mr.Limits(volume.Voxels);
            var pictures = DicomOverlay.Write(
                context,
                volume,
                mask,
                segmenter.Labels,
                window,
                page,
                $"{mark}Outlines by {bundle.Name}",
                Path.Combine(folder, name + DicomOverlay.Suffix));
            written.AddRange(pictures.Select(file => Path.Combine(name + DicomOverlay.Suffix, file)));
        }

        foreach (var (role, member) in members)
            WriteMask(member, Path.Combine(role, name), $"{mark}Heart by {role} of {bundle.Name}");
        // The mask of all segmentors is written last: if it exists, the case is complete.
        WriteMask(mask, name, $"{mark}Heart by {bundle.Name}");
        return written;

        void WriteMask(Volume<byte> classes, string path, string description)
        {
            if (context is not null && formats.HasFlag(MaskFormats.DicomSeg))
                Write(DicomSegmentation.Suffix, file => DicomSegmentation.Write(context, classes, segmenter.Labels, description, file));
            if (formats.HasFlag(MaskFormats.SegNrrd))
                Write(SegNrrdFile.Suffix, file => SegNrrdFile.Write(classes, segmenter.Labels, file));
            if (formats.HasFlag(MaskFormats.Nifti))
                Write(MaskSuffix, file => VolumeFile.WriteLabels(classes, segmenter.Labels, file));

            void Write(string suffix, Action<string> write)
            {
                write(Path.Combine(folder, path + suffix));
                written.Add(path + suffix);
            }
        }
    }

    // Objects of an earlier run would remain next to this run's mask and show a different one.
    private void DeleteDicomObjects(string name)
    {
        var segmentation = Path.Combine(folder, name + DicomSegmentation.Suffix);
        if (File.Exists(segmentation))
            File.Delete(segmentation);
        var pictures = Path.Combine(folder, name + DicomOverlay.Suffix);
        if (Directory.Exists(pictures))
            Directory.Delete(pictures, recursive: true);
    }

    /// <summary>Returns what a case's DICOM objects take from its series; null, with a warning, if none can be created.</summary>
    private DicomContext? ContextOf(CaseWork work)
    {
        const string instead = "its mask is written as NIfTI";
        var item = work.Case;
        try
        {
            var source = item.SeriesFiles.Count > 0
                ? DicomSource.OpenFiles(item.SeriesFiles, item.Path)
                : VolumeSource.Open(item.Path) as DicomSource;
            if (source is not null)
                return new(source, new($"MkdSeg {bundle.Name}", LibraryVersion.Of(typeof(CaseScorer)), modelSha256), work.Warnings);
            work.Warnings.Add($"'{item.Path}' is not a DICOM series, so no DICOM object can be created from it; {instead}.");
        }
        catch (UserErrorException error)
        {
            work.Warnings.Add($"No DICOM object can be created from {item.Name}, so {instead}: {error.Message}");
        }

        return null;
    }

    private static string FileName(string structure) =>
        string.Concat(structure.Select(c => char.IsLetterOrDigit(c) || c is '-' or '.' ? c : '_'));

    private T Timed<T>(CaseWork work, ScoringStage stage, Func<T> part)
    {
        cancellation.ThrowIfCancellationRequested();
        report(work, stage);
        return work.Timed(stage, part);
    }
}
