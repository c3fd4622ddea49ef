using MkdSeg.Bundles;

namespace MkdSeg.Experiments.Running;

/// <summary>The folder of a run: the paths of its files, and the state of the run that they record.</summary>
internal sealed record RunFolder(string Path)
{
    /// <summary>Returns a run's folder within an experiment's folder.</summary>
    public static RunFolder Of(string root, RunSpecification run) => new(System.IO.Path.Combine(root, "runs", run.Name));

    public string SpecificationFile => File("run.json");

    /// <summary>Written when training is complete; records how long it took.</summary>
    public string TrainedFile => File("trained.json");

    /// <summary>The result, a <see cref="RunResult"/>. Written last: if it exists, the run is finished.</summary>
    public string ResultFile => File("result.json");

    /// <summary>Table of the metrics of every test case and structure.</summary>
    public string ScoresFile => File("scores.csv");

    /// <summary>Why the last attempt failed, in one sentence; deleted when an attempt succeeds.</summary>
    public string FailureFile => File("failed.txt");

    public string LogFile => File("log.txt");
    public string Bundle => File("bundle");

    /// <summary>The masks of the test cases; each segmentor's masks are in a subfolder of its name.</summary>
    public string Masks => File("masks");

    /// <summary>Annotations of the test cases, on the grids of their images, while the run is being scored.</summary>
    public string Annotations => File("annotations");

    /// <summary>Returns the seconds until the last iteration, over all parts of a resumed training run.</summary>
    public double TrainingSeconds()
    {
        var curves = CsvTable.Load(File(TrainingRun.MetricsFile));
        return curves.Rows.Count > 0 ? Math.Round(curves.Number(curves.Rows[^1], "seconds"), 1) : 0;
    }

    /// <summary>Returns the mean Dice of the test volumes at points during training; empty if none was scored.</summary>
    public IReadOnlyList<(long Iteration, double Dice)> ReadCurve(RowMember member)
    {
        if (!System.IO.File.Exists(File(TrainingRun.ValidationFile)))
            return [];
        var scores = CsvTable.Load(File(TrainingRun.ValidationFile));
        return
        [
            .. scores.Rows.GroupBy(row => (long)scores.Number(row, "iteration")).Select(point => (point.Key, scores.Number(
                member switch
                {
                    RowMember.First => point.First(),
                    RowMember.SSyn => point.Single(row => scores.Field(row, "prediction") == NetworkRoles.SSyn),
                    RowMember.SReal => point.Single(row => scores.Field(row, "prediction") == NetworkRoles.SReal),
                    // Last in the file; a single segmentor is its own ensemble.
                    _ => point.Last(),
                },
                "mean"))),
        ];
    }

    public void DeleteCheckpoints()
    {
        if (Directory.Exists(File(TrainingRun.CheckpointsFolder)))
            Directory.Delete(File(TrainingRun.CheckpointsFolder), recursive: true);
    }

    /// <summary>Returns the result; null if the run is not finished.</summary>
    public RunResult? ReadResult() =>
        System.IO.File.Exists(ResultFile) ? StrictJson.Load<RunResult>(ResultFile) : null;

    /// <summary>Returns why the last attempt failed; null if none has.</summary>
    public string? ReadFailure() =>
        System.IO.File.Exists(FailureFile) ? System.IO.File.ReadAllText(FailureFile).Trim() : null;

    /// <summary>Keeps other processes from executing the same run at the same time; null if one is executing it.</summary>
    public FolderLock? TryLock() => FolderLock.TryTake(Path, "experiment", other => other == "training");

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
