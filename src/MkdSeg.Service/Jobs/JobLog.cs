using Microsoft.Extensions.Logging;

namespace MkdSeg.Service.Jobs;

/// <summary>Log messages about jobs. Jobs are identified only by their ids; clients' file names are not logged.</summary>
internal static partial class JobLog
{
    [LoggerMessage(LogLevel.Information, "Job {Id} is queued.")]
    public static partial void Queued(this ILogger log, string id);

    [LoggerMessage(LogLevel.Information, "Job {Id} is running.")]
    public static partial void Running(this ILogger log, string id);

    [LoggerMessage(LogLevel.Information, "Job {Id} is {State} after {Seconds} s: {Ok} ok, {Doubtful} doubtful, {Failed} failed.")]
    public static partial void Finished(
        this ILogger log, string id, JobState state, double seconds, int ok, int doubtful, int failed);

    [LoggerMessage(LogLevel.Information, "Job {Id} is deleted.")]
    public static partial void Deleted(this ILogger log, string id);

    [LoggerMessage(LogLevel.Error, "Job {Id} failed unexpectedly: {Error}")]
    public static partial void FailedUnexpectedly(this ILogger log, string id, string error);

    [LoggerMessage(LogLevel.Error, "The files of job {Id} cannot be changed: {Error}")]
    public static partial void FilesFailed(this ILogger log, string id, string error);
}
