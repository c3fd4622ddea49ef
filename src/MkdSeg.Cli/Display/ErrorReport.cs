using System.CommandLine.Invocation;

namespace MkdSeg.Cli.Display;

/// <summary>Turns an error into one sentence and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Exit code when nothing could be done.</summary>
    public const int Failed = 1;

    /// <summary>Exit code when some cases failed and the others succeeded.</summary>
    public const int SomeFailed = 2;

    /// <summary>Exit code after Ctrl-C, as in shells (128 + SIGINT).</summary>
    public const int Stopped = 130;

    /// <summary>Runs the chosen command; an error becomes one line on standard error or in the log.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Option<bool> trace, Option<bool> logJson)
    {
        if (!parsed.GetValue(logJson))
            return await RunAsync(parsed, trace);
        using var log = new JsonLog();
        var exitCode = await RunAsync(parsed, trace);
        log.End(parsed.CommandResult.Command.Name, exitCode);
        return exitCode;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<bool> trace)
    {
        if (parsed.Action is ParseErrorAction or null && UsageErrors.Describe(parsed) is { } usage)
        {
            await Console.Error.WriteLineAsync("mkdseg: " + usage);
            return Failed;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
            });
        }
        catch (OperationCanceledException stop)
        {
            return PrintStopped(stop is StoppedException ? stop.Message : "rerun the same command to start over.");
        }
        catch (Exception exception) when (JsonLog.Current is not null || !parsed.GetValue(trace))
        {
            if (JsonLog.Current is { } log)
                log.Error(Sentence(exception), parsed.GetValue(trace) ? exception : null);
            else
                await Console.Error.WriteLineAsync("mkdseg: " + Sentence(exception));
            return Failed;
        }
    }

    /// <summary>Prints how to resume after Ctrl-C; returns the exit code.</summary>
    public static int PrintStopped(string howToGoOn)
    {
        Console.Error.WriteLine($"mkdseg: stopped; {howToGoOn}");
        return Stopped;
    }

    /// <summary>The sentence of a user error within, if any; otherwise the type and message of the exception.</summary>
    private static string Sentence(Exception exception)
    {
        if (UserErrorException.SentenceWithin(exception) is { } sentence)
            return sentence;
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is DllNotFoundException)
                return inner.Message;
        }

        return exception is IOException or UnauthorizedAccessException
            ? exception.Message
            : $"unexpected {exception.GetType().Name}: {exception.Message} (--trace shows where)";
    }
}

/// <summary>Work was stopped by Ctrl-C; the message says how to resume.</summary>
internal sealed class StoppedException(string howToGoOn, Exception inner) : OperationCanceledException(howToGoOn, inner);
