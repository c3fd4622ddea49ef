using System.Diagnostics;
using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Experiments.Planning;
using MkdSeg.IO;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Scoring;
using MkdSeg.Metrics;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Running;

/// <summary>Does one run: trains, exports, scores the test cases with the exported model, writes the result.</summary>
public static class RunExecutor
{
    private const double TrainingShare = 0.95;

    /// <summary>Does a run, or what is left of it.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="run">What is done.</param>
    /// <param name="manifest">Where the volumes are.</param>
    /// <param name="observer">Told how it goes.</param>
    /// <param name="cancellation">Stops the run; what is complete is used the next time.</param>
    /// <exception cref="UserErrorException">A volume is missing or damaged, or the training broke down.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static RunResult Execute(
        RunFolder folder,
        RunSpecification run,
        VolumeManifest manifest,
        IRunObserver observer,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(observer);
        StrictJson.Save(folder.SpecificationFile, run);
        var reader = new DatasetReader(manifest);
        var (bundle, trainingSeconds) = Train(folder, run, reader, observer, cancellation);
        var clock = Stopwatch.StartNew();
        var members = Score(folder, run, reader, bundle, observer, cancellation);
        var result = new RunResult
        {
            Identity = run.Identity,
            Structures = [.. manifest.LabelSet.Structures.Select(structure => structure.Name)],
            Crop = run.Crop,
            Members = [.. members.Select(item => new MemberScores(item.Name, [.. item.Cases.Select(CaseScores.Of)]))],
            TrainingSeconds = trainingSeconds,
            ScoringSeconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
            Threads = run.Options.Threads,
            ToolVersions = bundle.ToolVersions,
            Finished = DateTimeOffset.UtcNow,
        };
        AtomicFile.WriteText(
            folder.ScoresFile,
            ScoreFile.ToCsv([.. members.Select(item => (item.Name, new ScoreTable(manifest.LabelSet, item.Cases)))]));
        StrictJson.Save(folder.ResultFile, result);
        observer.Report(new(1, "finished"));
        return result;
    }

    private static (ModelBundle Bundle, double Seconds) Train(
        RunFolder folder,
        RunSpecification run,
        DatasetReader reader,
        IRunObserver observer,
        CancellationToken cancellation)
    {
        if (File.Exists(folder.TrainedFile))
        {
            var trained = StrictJson.Load<TrainedRecord>(folder.TrainedFile);
            return (ModelBundle.Load(folder.Bundle), trained.TrainingSeconds);
        }

        var source = new TrainingSource(
            run.Name, run.TargetModality, run.AssistantModality, reader.Labels, run.Options);
        var bundle = TrainingRun.Execute(
            source,
            TrainingData.OfVolumes(
                run.Options, Read(reader, run.TargetCases), Read(reader, run.AssistantCases)),
            folder.Path,
            folder.Bundle,
            new Relay(observer),
            CanResume(folder, run, observer) ? Resumption.Same : Resumption.None,
            cancellation);
        var seconds = Math.Round(TrainingCurves.Seconds(folder.CurvesFile), 1);
        StrictJson.Save(folder.TrainedFile, new TrainedRecord(seconds));
        folder.DeleteCheckpoints();
        return (bundle, seconds);
    }

    // Threads, or a default that a later version changed: then the run begins anew.
    private static bool CanResume(RunFolder folder, RunSpecification run, IRunObserver observer)
    {
        try
        {
            var changes = TrainingRun.ChangedOptions(folder.Path, run.Options);
            if (changes.Count > 0)
                observer.Say($"Beginning anew, since options have changed: {string.Join("; ", changes)}.");
            return changes.Count == 0;
        }
        catch (UserErrorException error)
        {
            observer.Say($"Beginning anew: {error.Message}");
            return false;
        }
    }

    private static IEnumerable<LabelledVolume> Read(DatasetReader reader, IReadOnlyList<RunCase> cases) =>
        cases.Select(item => reader.Read(reader.Manifest.Case(item.Id)));

    private static List<(string Name, List<SegmentationScores> Cases)> Score(
        RunFolder folder,
        RunSpecification run,
        DatasetReader reader,
        ModelBundle bundle,
        IRunObserver observer,
        CancellationToken cancellation)
    {
        var roles = bundle.Segmentors.Select(segmentor => segmentor.Role).ToList();
        var scorer = new FolderScorer(bundle, new()
        {
            Crop = run.Crop,
            // The paper compares what networks say.
            CleanUp = false,
            SegmentorMasks = roles.Count > 1,
            Inference = new InferenceOptions
            {
                Device = run.Options.Device.ToString().ToLowerInvariant(),
                Threads = run.Options.Threads,
            },
        });
        var annotations = WriteAnnotations(folder, run, reader, cancellation);
        var summary = scorer.Score(
            [
                .. annotations.Select(item =>
                    new ScoringCase(item.Entry.Id, reader.Manifest.ImagePath(item.Entry), item.Path)),
            ],
            folder.Masks,
            new ScoringRelay(observer),
            cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (summary.Cases.FirstOrDefault(item => !item.IsWritten) is { } failed)
            throw new UserErrorException($"Test case {failed.Case.Name} could not be scored: {failed.Reason}");
        var members = (roles.Count > 1 ? roles.Append(NetworkRoles.Ensemble) : roles)
            .Select(name => (
                Name: name,
                Cases: Compare(
                    annotations,
                    name == NetworkRoles.Ensemble || roles.Count == 1 ? folder.Masks : Path.Combine(folder.Masks, name),
                    reader,
                    cancellation)))
            .ToList();
        Directory.Delete(folder.Annotations, recursive: true);

        // With one segmentor it is the ensemble.
        return roles.Count > 1 ? members : [members[0], (NetworkRoles.Ensemble, members[0].Cases)];
    }

    // The annotations as the reader puts them right (aliases, artefacts, headers), for framing and comparing.
    private static List<(CaseEntry Entry, string Path)> WriteAnnotations(
        RunFolder folder, RunSpecification run, DatasetReader reader, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.Annotations);
        var written = new List<(CaseEntry, string)>();
        foreach (var item in run.TestCases)
        {
            cancellation.ThrowIfCancellationRequested();
            var entry = reader.Manifest.Case(item.Id);
            var classes = reader.Read(entry).Classes
                ?? throw new UserErrorException($"Test case {item.Id} has no annotation to compare with.");
            var path = Path.Combine(folder.Annotations, $"{item.Id}.nii.gz");
            VolumeFile.WriteLabels(classes, reader.Labels, path);
            written.Add((entry, path));
        }

        return written;
    }

    private static List<SegmentationScores> Compare(
        List<(CaseEntry Entry, string Path)> annotations,
        string maskFolder,
        DatasetReader reader,
        CancellationToken cancellation)
    {
        var scores = new List<SegmentationScores>(annotations.Count);
        foreach (var (entry, annotation) in annotations)
        {
            cancellation.ThrowIfCancellationRequested();
            var mask = Path.Combine(maskFolder, $"{entry.Id}.nii.gz");
            scores.Add(MaskComparison.Compare(mask, annotation, reader.Labels, SurfaceMetrics.DefaultToleranceMm));
        }

        return scores;
    }

    private sealed class Relay(IRunObserver observer) : IProgress<WorkEvent>
    {
        public void Report(WorkEvent value)
        {
            switch (value)
            {
                case WorkInfo info:
                    observer.Say(info.Message);
                    break;
                case WorkProgress progress:
                    observer.Say($"{progress.Done}/{progress.Total}, {progress.Detail}");
                    observer.Report(new(
                        TrainingShare * progress.Done / progress.Total, $"{progress.Done}/{progress.Total}"));
                    break;
            }
        }
    }

    private sealed class ScoringRelay(IRunObserver observer) : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value)
        {
            if (value.Stage is null)
            {
                observer.Report(new(
                    TrainingShare + ((1 - TrainingShare) * value.Done / value.Total),
                    $"scored {value.Done}/{value.Total}"));
            }
        }
    }
}
