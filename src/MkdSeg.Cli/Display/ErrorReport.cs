using System.CommandLine;
using MkdSeg.Common;

namespace MkdSeg.Cli.Display;

/// <summary>Turns what goes wrong into one sentence and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Exit code when nothing could be done.</summary>
    public const int Failed = 1;

    /// <summary>Exit code when some cases failed and the others were done.</summary>
    public const int SomeFailed = 2;

    /// <summary>Exit code after Ctrl-C, as shells have it (128 + SIGINT).</summary>
    public const int Stopped = 130;

    /// <summary>Runs the chosen command; an error becomes one line on standard error.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Option<bool> trace)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
            });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("mkdseg: stopped.");
            return Stopped;
        }
        catch (Exception exception) when (!parsed.GetValue(trace))
        {
            await Console.Error.WriteLineAsync("mkdseg: " + Sentence(exception));
            return Failed;
        }
    }

    /// <summary>A user error if there is one within, else the kind and message of what happened.</summary>
    private static string Sentence(Exception exception)
    {
        if (UserErrorException.SentenceWithin(exception) is { } sentence)
        {
            return sentence;
        }

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
