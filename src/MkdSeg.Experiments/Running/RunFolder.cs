using MkdSeg.Bundles;

namespace MkdSeg.Experiments.Running;

/// <summary>The folder of a run: where its files lie, and what they say about how far the run has come.</summary>
internal sealed record RunFolder(string Path)
{
    /// <summary>The folder of a run among those of an experiment.</summary>
    public static RunFolder Of(string root, RunSpecification run) => new(System.IO.Path.Combine(root, "runs", run.Name));

    public string SpecificationFile => File("run.json");

    /// <summary>There as soon as training is complete; says how long it took.</summary>
    public string TrainedFile => File("trained.json");

    /// <summary>What came out, a <see cref="RunResult"/>. Written last: where it is, the run is finished.</summary>
    public string ResultFile => File("result.json");

    /// <summary>Metrics of every test case and structure, a table.</summary>
    public string ScoresFile => File("scores.csv");

    /// <summary>Why the last try failed, one sentence; deleted when a try succeeds.</summary>
    public string FailureFile => File("failed.txt");

    public string LogFile => File("log.txt");
    public string Bundle => File("bundle");

    /// <summary>The masks of the test cases; those of each segmentor in a folder of its name.</summary>
    public string Masks => File("masks");

    /// <summary>Annotations of the test cases, on the grids of their images, while the run is being scored.</summary>
    public string Annotations => File("annotations");

    /// <summary>Seconds until the last iteration, over all parts of a training that was resumed.</summary>
    public double TrainingSeconds()
    {
        var curves = CsvTable.Load(File(TrainingRun.MetricsFile));
        return curves.Rows.Count > 0 ? Math.Round(curves.Number(curves.Rows[^1], "seconds"), 1) : 0;
    }

    /// <summary>Mean Dice of the test volumes at points of the training; empty where the run was not scored on its way.</summary>
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

    /// <summary>The result; null where the run is not finished.</summary>
    public RunResult? ReadResult() =>
        System.IO.File.Exists(ResultFile) ? StrictJson.Load<RunResult>(ResultFile) : null;

    /// <summary>Why the last try failed; null where none has.</summary>
    public string? ReadFailure() =>
        System.IO.File.Exists(FailureFile) ? System.IO.File.ReadAllText(FailureFile).Trim() : null;

    /// <summary>Keeps other processes from doing the same run at the same time; null where one is doing it.</summary>
    public FolderLock? TryLock() => FolderLock.TryTake(Path, "experiment", other => other == "training");

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
