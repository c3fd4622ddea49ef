using System.Diagnostics;
using System.Globalization;

namespace MkdSeg.Experiments.Running;

/// <summary>
/// Executes each run in its own process: engine settings apply to a whole process, and a run that crashes or runs out of
/// memory does not affect the others. The child writes <see cref="RunMessage"/> lines and stops when its standard input
/// ends, so that it never outlives this process.
/// </summary>
/// <param name="command">Returns the command that executes the run in a folder.</param>
internal sealed class ChildProcessLauncher(Func<RunFolder, ProcessStartInfo> command)
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(60);

    public void Launch(
        RunFolder folder, RunSpecification run, IProgress<WorkEvent> progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        StrictJson.Save(folder.SpecificationFile, run);
        var start = command(folder);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)
            ?? throw new UserErrorException($"{start.FileName} could not be started for the run {run.Name}.");
        using var stop = cancellation.Register(() => process.StandardInput.Close());
        var lastError = string.Empty;
        var errors = Task.Run(() => ForEachLine(process.StandardError, line =>
        {
            lastError = line;
            progress.Report(new WorkInfo(line));
        }), CancellationToken.None);
        var output = Task.Run(
            () => ForEachLine(process.StandardOutput, line => progress.Report(RunMessage.Parse(line))),
            CancellationToken.None);
        WaitForExit(process, cancellation);
        Task.WaitAll([errors, output], CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0 || !File.Exists(folder.ResultFile))
        {
            throw new UserErrorException(lastError.Length > 0
                ? lastError
                : $"The run's process ended with exit code {process.ExitCode}; {folder.LogFile} shows how far it got.");
        }
    }

    private static void WaitForExit(Process process, CancellationToken cancellation)
    {
        try
        {
            process.WaitForExitAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            if (process.WaitForExit(TimeToStop))
                return;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static void ForEachLine(StreamReader reader, Action<string> take)
    {
        while (reader.ReadLine() is { } line)
            take(line);
    }
}

/// <summary>The lines of standard output with which a run in a separate process reports its progress.</summary>
internal static class RunMessage
{
    private const string Prefix = "progress ";

    /// <summary>Formats progress from 0 to 1, or a sentence, as a line; null for an event that is not reported.</summary>
    public static string? Format(WorkEvent value) => value switch
    {
        WorkProgress progress => $"{Prefix}{progress.Done / progress.Total:0.####} {progress.Detail}",
        WorkInfo info => info.Message,
        _ => null,
    };

    /// <summary>Parses a line.</summary>
    public static WorkEvent Parse(string line)
    {
        string[] parts = line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..].Split(' ', 2) : [];
        return parts.Length > 0
            && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction)
                ? new WorkProgress(fraction, 1, parts.Length > 1 ? parts[1] : "")
                : new WorkInfo(line);
    }
}
