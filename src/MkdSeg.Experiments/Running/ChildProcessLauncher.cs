using System.Diagnostics;
using MkdSeg.Common;
using MkdSeg.Experiments.Planning;

namespace MkdSeg.Experiments.Running;

/// <summary>
/// Does each run in a process of its own: engines have settings for a whole process, and a run that crashes or runs out
/// of memory takes no other with it. The child writes <see cref="RunMessage"/> lines, and stops when its standard input
/// ends, so that it never outlives this process.
/// </summary>
/// <param name="command">The command that does the run of a folder.</param>
public sealed class ChildProcessLauncher(Func<RunFolder, ProcessStartInfo> command) : IRunLauncher
{
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public void Launch(RunFolder folder, RunSpecification run, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(observer);
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
            observer.Say(line);
        }), CancellationToken.None);
        var output = Task.Run(() => ForEachLine(process.StandardOutput, line =>
        {
            if (RunMessage.TryParse(line, out var progress))
                observer.Report(progress);
            else
                observer.Say(line);
        }), CancellationToken.None);
        WaitForExit(process, cancellation);
        Task.WaitAll([errors, output], CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0 || !File.Exists(folder.ResultFile))
        {
            throw new UserErrorException(lastError.Length > 0
                ? lastError
                : $"The run's process ended with exit code {process.ExitCode}; {folder.LogFile} shows how far it came.");
        }
    }

    private static void WaitForExit(Process process, CancellationToken cancellation)
    {
        try
        {
            process.WaitForExitAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!process.WaitForExit(TimeToStop))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (OperationCanceledException)
        {
            // It stopped by itself in time.
        }
    }

    private static void ForEachLine(StreamReader reader, Action<string> take)
    {
        while (reader.ReadLine() is { } line)
            take(line);
    }
}
