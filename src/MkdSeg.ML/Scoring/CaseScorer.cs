using Microsoft.ML.Data;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// What is done with a case, in three parts that work on different cases at the same time. A part never throws: what goes
/// wrong is the case's result.
/// </summary>
/// <param name="pipeline">The model.</param>
/// <param name="options">What to write.</param>
/// <param name="records">Finished cases.</param>
/// <param name="outputs">Takes what was made.</param>
/// <param name="report">Told of every stage that begins; called by several threads.</param>
/// <param name="cancellation">Abandons cases that are not being written.</param>
internal sealed class CaseScorer(
    ModelPipeline pipeline,
    ScoringOptions options,
    CaseRecords records,
    CaseOutputs outputs,
    Action<CaseWork, ScoringStage> report,
    CancellationToken cancellation) : IDisposable
{
    // One volume is prepared while another passes the networks; of a third, masks alone are left to write.
    private readonly SemaphoreSlim _room = new(2);

    /// <summary>From the files to the networks' input.</summary>
    public void Prepare(CaseWork work, CancellationToken stop) => work.Guard(() =>
    {
        if (work.Case.Problem is { } problem)
            throw new UserErrorException(problem);
        var needsLabel = pipeline.Crop == CropRule.Label;
        if (needsLabel && work.Case.LabelPath is null)
        {
            throw new UserErrorException(
                $"{work.Case.Name} has no annotation, which the crop rule Label needs; use the crop rule Located.");
        }

        var sha256 = work.Sha256 = Timed(work, ScoringStage.Hash, () => InputHash.Of(work.Case, needsLabel));
        if (!options.Force && records.Find(work.Case, sha256) is { } earlier)
        {
            work.Keep(earlier);
            return;
        }

        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellation))
            work.TakeRoom(_room, either.Token);
        var (volume, label) = Timed(work, ScoringStage.Read, () => (
            work.Case.SeriesFiles.Count > 0
                ? VolumeFile.ReadIntensities(work.Case.SeriesFiles, work.Case.Path, work.Warnings)
                : VolumeFile.ReadIntensities(work.Case.Path, work.Warnings),
            needsLabel
                ? pipeline.Labels.ToClasses(VolumeFile.ReadLabels(work.Case.LabelPath!), work.Case.LabelPath!)
                : null));
        var columns = work.Columns = pipeline.Open(volume, label, work.Case.Path);
        work.Grid = volume.Grid;
        if (columns.Has(SegmentationColumns.HeartBox))
            Timed(work, ScoringStage.Locate, () => columns.Get<HeartBox>(SegmentationColumns.HeartBox));
        Timed(work, ScoringStage.Prepare, () => columns.Get<Volume<float>>(SegmentationColumns.Prepared));
    });

    /// <summary>Runs the networks.</summary>
    public void Segment(CaseWork work) => work.Guard(() => Timed<object>(work, ScoringStage.Segment, () =>
        options.Probabilities
            ? work.Columns!.Get<ProbabilityVolume>(SegmentationColumns.Probabilities)
            : work.Columns!.Get<Segmentation>(SegmentationColumns.Segmentation)));

    /// <summary>From probabilities to the files.</summary>
    public void Write(CaseWork work) => work.Guard(() =>
    {
        var (masks, structures) = Timed(work, ScoringStage.Restore, () =>
        {
            var all = Masks(work.Columns!);
            return (all, all.Measure(pipeline.Labels));
        });
        work.Warnings.AddRange(CaseMasks.Doubts(structures));
        work.Dispose();
        records.Remove(work.Case.Name);
        var files = Timed(work, ScoringStage.Write, () => outputs.Write(work.Case.Name, masks, work.Grid!));
        var agreement = structures.Select(structure => structure.Agreement).OfType<double>().DefaultIfEmpty(double.NaN);
        var (whole, _) = StructureVolumes.ExtentsMm(masks.Mask, pipeline.Labels.ClassCount);
        work.Finish(row =>
        {
            var result = row with
            {
                Structures = structures,
                ExtentMm = whole,
                Agreement = agreement.Average() is var mean && double.IsNaN(mean) ? null : mean,
            };
            records.Add(result, files);
            return result;
        });
    });

    public void Dispose() => _room.Dispose();

    private CaseMasks Masks(ModelPipeline.Columns columns)
    {
        var agreement = default(VBuffer<float>);
        if (columns.Has(SegmentationColumns.Agreement))
            agreement = columns.Get<VBuffer<float>>(SegmentationColumns.Agreement);
        var mask = columns.Get<Volume<byte>>(SegmentationColumns.Mask);
        return new(
            mask,
            columns.Has(SegmentationColumns.RawMask) ? columns.Get<Volume<byte>>(SegmentationColumns.RawMask) : mask,
            options.SegmentorMasks
                ? [.. pipeline.Roles.Select(role => (role, columns.Get<Volume<byte>>(SegmentationColumns.MaskOf(role))))]
                : [],
            [.. agreement.DenseValues()],
            options.Probabilities ? columns.Get<ProbabilityVolume>(SegmentationColumns.Probabilities) : null);
    }

    private T Timed<T>(CaseWork work, ScoringStage stage, Func<T> part)
    {
        cancellation.ThrowIfCancellationRequested();
        report(work, stage);
        return work.Timed(stage, part);
    }
}
