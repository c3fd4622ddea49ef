using System.Diagnostics;

namespace MkdSeg.Service.Jobs;

/// <summary>A job, its folder, and what of it is not on disk.</summary>
internal sealed class Job(string folder, JobRecord record)
{
    private const string RecordFile = "job.json";

    public JobRecord Record { get; private set; } = record;
    public string Folder { get; } = folder;
    public string InputFolder => Path.Combine(Folder, "input");
    public string OutputFolder => Path.Combine(Folder, "output");
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The case at work, from 0, and how many there are.</summary>
    public (double Done, double Total) Cases { get; set; }

    /// <summary>The stage at work and since when; null before the first.</summary>
    public (ScoringStage Stage, Stopwatch Since)? Stage { get; set; }

    /// <summary>The job of a folder; null where the upload had not ended.</summary>
    public static Job? Load(string folder) =>
        Path.Combine(folder, RecordFile) is var file && File.Exists(file) ? new(folder, StrictJson.Load<JobRecord>(file)) : null;

    public void Save(JobRecord record)
    {
        Record = record;
        StrictJson.Save(Path.Combine(Folder, RecordFile), record);
    }

    /// <summary>Deletes everything but what the record says.</summary>
    public void DeleteFiles()
    {
        foreach (var inner in Directory.EnumerateDirectories(Folder))
            Directory.Delete(inner, recursive: true);
    }
}
