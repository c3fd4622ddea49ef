using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging;
using MkdSeg.ML.Scoring;

namespace MkdSeg.Cli.Display;

/// <summary>
/// Turns every line that a command prints into a JSON object on standard output, in the format of .NET's own log. Until it
/// is disposed of, lines of <see cref="Console.Out"/> and <see cref="Console.Error"/> go through it.
/// </summary>
internal sealed class JsonLog : IDisposable
{
    private const string Prefix = "mkdseg: ";
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly ILogger _logger;

    public JsonLog()
    {
        // Before the console is redirected, since the logger keeps the console that it finds.
        Factory = LoggerFactory.Create(logging => logging
            .AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                // The lines are not shown in a browser, so quotation marks can stay readable.
                json.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            })
            .AddFilter("Microsoft", LogLevel.Warning));
        _logger = Factory.CreateLogger("mkdseg");
        Console.SetOut(new Lines(line => WriteLine(LogLevel.Information, line)));
        Console.SetError(new Lines(line => WriteLine(LogLevel.Error, line)));
        Current = this;
    }

    /// <summary>The log that has taken over the console; null without <c>--log-json</c>.</summary>
    public static JsonLog? Current { get; private set; }

    public ILoggerFactory Factory { get; }

    public void Error(string sentence, Exception? trace) => Write(LogLevel.Error, sentence, trace);

    public void End(string command, int exitCode) => Write(
        LogLevel.Information, $"Ends with exit code {exitCode}", null, ("Command", command), ("ExitCode", exitCode));

    public void Progress(string task, double done, double total, TimeSpan? left, string detail) => Write(
        LogLevel.Information,
        $"{task}: {done:0.#} of {total:0.#}{(detail.Length == 0 ? "" : $", {detail}")}",
        null,
        ("Task", task),
        ("Done", done),
        ("Total", total),
        ("SecondsLeft", left is { } time ? Math.Round(time.TotalSeconds, 1) : null));

    /// <summary>Logs the outcome of a case under its hash, which is also in results.csv: its name may be a patient's.</summary>
    public void Case(CaseResult result, double number, double total)
    {
        var level = result.Status switch
        {
            CaseStatus.Failed => LogLevel.Error,
            CaseStatus.Doubtful => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        string[] files = [result.Case.Path, .. result.Case.SeriesFiles];
        var status = result.Status.ToString().ToLowerInvariant();
        Write(
            level,
            $"Case {number:0} of {total:0}: {status}",
            null,
            ("Case", number),
            ("Cases", total),
            ("Status", status),
            ("Reason", result.Reason.Length > 0 ? NamelessText.Of(result.Reason, files) : null),
            ("Seconds", Math.Round(result.Seconds.Values.Sum(), 3)),
            ("Sha256", result.Sha256));
    }

    public void Dispose()
    {
        Current = null;
        Console.SetOut(_output);
        Console.SetError(_error);
        // Writes pending lines.
        Factory.Dispose();
    }

    private void WriteLine(LogLevel level, string line)
    {
        if (line.Length > 0)
            Write(level, line.StartsWith(Prefix, StringComparison.Ordinal) ? line[Prefix.Length..] : line);
    }

    // Null fields are left out.
    private void Write(LogLevel level, string message, Exception? error = null, params (string Name, object? Value)[] fields)
    {
        var state = new Fields(message);
        var given = fields.Where(field => field.Value is not null);
        state.AddRange(given.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        _logger.Log(level, default, state, error, (_, _) => message);
    }

    // The log reads the text as well as its fields.
    private sealed class Fields(string message) : List<KeyValuePair<string, object?>>
    {
        public override string ToString() => message;
    }

    private sealed class Lines(Action<string> receiver) : TextWriter(CultureInfo.InvariantCulture)
    {
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            receiver(_line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
    }
}
