using System.Diagnostics;
using MkdSeg.Bundles;
using MkdSeg.IO;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Scoring;
using MkdSeg.Metrics;

namespace MkdSeg.Experiments.Running;

/// <summary>Executes one run: trains, exports, scores the test cases with the exported model, writes the result.</summary>
internal static class RunExecutor
{
    private const double TrainingShare = 0.95;

    /// <summary>Executes the remaining steps of a run; steps completed before an interruption are reused.</summary>
    public static RunResult Execute(
        RunFolder folder,
        RunSpecification run,
        VolumeManifest manifest,
        IProgress<WorkEvent> progress,
        CancellationToken cancellation = default)
    {
        StrictJson.Save(folder.SpecificationFile, run);
        var reader = new DatasetReader(manifest);
        var (bundle, trainingSeconds) = Train(folder, run, reader, progress, cancellation);
        var clock = Stopwatch.StartNew();
        var members = Score(folder, run, reader, bundle, progress, cancellation);
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
        progress.Report(new WorkProgress(1, 1, "finished"));
        return result;
    }

    private static (ModelBundle Bundle, double Seconds) Train(
        RunFolder folder,
        RunSpecification run,
        DatasetReader reader,
        IProgress<WorkEvent> progress,
        CancellationToken cancellation)
    {
        if (File.Exists(folder.TrainedFile))
        {
            var trained = StrictJson.Load<TrainedRecord>(folder.TrainedFile);
            return (ModelBundle.Load(folder.Bundle), trained.TrainingSeconds);
        }

        var bundle = TrainingRun.Execute(
            new TrainingSource(run.Name, run.TargetModality, run.AssistantModality, reader.Labels, run.Options),
            TrainingData.OfVolumes(
                run.Options,
                Read(reader, run.TargetCases),
                Read(reader, run.AssistantCases),
                // For curves only; the schedule does not let them select a model.
                Read(reader, run.TestCases)),
            folder.Path,
            folder.Bundle,
            Part(progress, 0, TrainingShare),
            CanResume(folder, run, progress) ? Resumption.Same : Resumption.None,
            cancellation);
        var seconds = folder.TrainingSeconds();
        StrictJson.Save(folder.TrainedFile, new TrainedRecord(seconds));
        folder.DeleteCheckpoints();
        return (bundle, seconds);
    }

    // If the threads differ, or a default that a later version changed, the run starts over.
    private static bool CanResume(RunFolder folder, RunSpecification run, IProgress<WorkEvent> progress)
    {
        try
        {
            var changes = TrainingRun.ChangedOptions(folder.Path, run.Options);
            if (changes.Count > 0)
                progress.Report(new WorkInfo($"Starting over because options have changed: {string.Join("; ", changes)}."));
            return changes.Count == 0;
        }
        catch (UserErrorException error)
        {
            progress.Report(new WorkInfo($"Starting over: {error.Message}"));
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
        IProgress<WorkEvent> progress,
        CancellationToken cancellation)
    {
        var roles = bundle.Segmentors.Select(segmentor => segmentor.Role).ToList();
        var scorer = new FolderScorer(bundle, new()
        {
            Crop = run.Crop,
            // The paper compares raw network output.
            CleanUp = false,
            SegmentorMasks = roles.Count > 1,
            Inference = new InferenceOptions
            {
                Device = run.Options.Device.ToString().ToLowerInvariant(),
                Threads = run.Options.Threads,
            },
        });
        var scoring = Part(progress, TrainingShare, 1);
        var annotations = WriteAnnotations(folder, run, reader, cancellation);
        var cases = annotations.ConvertAll(item =>
            new ScoringCase(item.Entry.Id, reader.Manifest.ImagePath(item.Entry), item.Path));
        var summary = scorer.Score(
            cases,
            folder.Masks,
            new DirectProgress<WorkEvent>(value =>
            {
                if (value is ScoringProgress { Stage: null } at)
                    scoring.Report(new WorkProgress(at.Done, at.Total, "scored"));
            }),
            cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (summary.Cases.FirstOrDefault(item => !item.IsWritten) is { } failed)
            throw new UserErrorException($"Test case {failed.Case.Name} could not be scored: {failed.Reason}");
        var members = (roles.Count > 1 ? roles.Append(NetworkRoles.Ensemble) : roles).Select(name =>
        {
            var isMain = name == NetworkRoles.Ensemble || roles.Count == 1;
            var masks = isMain ? folder.Masks : Path.Combine(folder.Masks, name);
            return (Name: name, Cases: Compare(annotations, masks, reader, cancellation));
        }).ToList();
        Directory.Delete(folder.Annotations, recursive: true);

        // A single segmentor is its own ensemble.
        return roles.Count > 1 ? members : [members[0], (NetworkRoles.Ensemble, members[0].Cases)];
    }

    // The annotations as corrected by the reader (aliases, artefacts, headers), for cropping and comparison.
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
        CancellationToken cancellation) => annotations.ConvertAll(item =>
    {
        cancellation.ThrowIfCancellationRequested();
        var mask = Path.Combine(maskFolder, $"{item.Entry.Id}.nii.gz");
        return MaskComparison.Compare(mask, item.Path, reader.Labels, SurfaceMetrics.DefaultToleranceMm);
    });

    // Maps the progress of one step to its share of the whole run.
    private static DirectProgress<WorkEvent> Part(IProgress<WorkEvent> progress, double from, double to) => new(value =>
    {
        if (value is not WorkProgress step)
        {
            progress.Report(value);
            return;
        }

        var count = $"{step.Done:0}/{step.Total:0}";
        progress.Report(new WorkInfo($"{count}, {step.Detail}"));
        progress.Report(new WorkProgress(from + ((to - from) * step.Done / step.Total), 1, count));
    });

    /// <summary>Records that a run's training is complete, and how long it took.</summary>
    private sealed record TrainedRecord(double TrainingSeconds);
}
