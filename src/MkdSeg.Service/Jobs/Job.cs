using System.Diagnostics;

namespace MkdSeg.Service.Jobs;

/// <summary>A job, its folder, and its state that is not on disk.</summary>
internal sealed class Job(string folder, JobRecord record)
{
    private const string RecordFile = "job.json";

    public JobRecord Record { get; private set; } = record;
    public string Folder { get; } = folder;
    public string InputFolder => Path.Combine(Folder, "input");
    public string OutputFolder => Path.Combine(Folder, "output");
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The current case, from 0, and the number of cases.</summary>
    public (double Done, double Total) Cases { get; set; }

    /// <summary>The current stage and when it started; null before the first.</summary>
    public (ScoringStage Stage, Stopwatch Since)? Stage { get; set; }

    /// <summary>Loads the job of a folder; null if the upload was not complete.</summary>
    public static Job? Load(string folder) =>
        Path.Combine(folder, RecordFile) is var file && File.Exists(file) ? new(folder, StrictJson.Load<JobRecord>(file)) : null;

    public void Save(JobRecord record)
    {
        Record = record;
        StrictJson.Save(Path.Combine(Folder, RecordFile), record);
    }

    /// <summary>Deletes everything except the record.</summary>
    public void DeleteFiles()
    {
        foreach (var inner in Directory.EnumerateDirectories(Folder))
            Directory.Delete(inner, recursive: true);
    }
}
