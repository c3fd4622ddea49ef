using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;

namespace MkdSeg.Pacs.Dicomweb;

/// <summary>A request failed; the message follows the words "the server", as in "answers 500 Internal Server Error".</summary>
internal sealed class DicomwebException(string problem, bool isPassing, Exception? inner = null) : Exception(problem, inner)
{
    private const int LongestQuote = 200;

    /// <summary>Whether the same request may succeed a little later.</summary>
    public bool IsPassing { get; } = isPassing;

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a sentence tells of a server that is away or overloaded; the next request would fail too.</summary>
    public static bool IsWithin(UserErrorException sentence) => sentence.InnerException is DicomwebException { IsPassing: true };

    /// <summary>What an answer other than success means.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="body">The beginning of its body.</param>
    public static DicomwebException OfStatus(HttpResponseMessage answer, string body)
    {
        var status = $"answers {(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd();
        var quote = DicomJson.Printable(body[..Math.Min(body.Length, LongestQuote)].ReplaceLineEndings(" ").Trim());
        var said = quote.Length > 0 && answer.Content.Headers.ContentType?.MediaType is not "text/html" ? $" ({quote})" : "";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                $"{status}: it does not take these credentials; check --user and its password, or --token-file", false),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                new(status + said, true)
                {
                    RetryAfter = answer.Headers.RetryAfter is { } after
                        ? after.Delta ?? (after.Date is { } date ? date - DateTimeOffset.UtcNow : null)
                        : null,
                },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(
                $"{status} and points to {answer.Headers.Location}; name that address", false),
            _ => new(status + said, false),
        };
    }

    /// <summary>What went wrong on the way; null where it is no matter of the network or of the server.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="idleLimit">How long it was waited where the error is a cancellation.</param>
    public static DicomwebException? Of(Exception error, TimeSpan idleLimit) => error switch
    {
        DicomwebException own => own,
        OperationCanceledException => new($"does not answer for {idleLimit.TotalSeconds:0.#} s", true, error),
        JsonException => new(
            "answers with something else than DICOM JSON; check that the address is that of DICOMweb", false, error),
        InvalidDataException => new($"sends a damaged answer: {error.Message.TrimEnd('.')}", true, error),
        HttpRequestException or IOException when Within<AuthenticationException>(error) is { } untrusted => new(
            $"shows no certificate that is trusted here ({untrusted.Message.TrimEnd('.')}); install its authority, or "
            + "pass --insecure",
            false,
            error),
        HttpRequestException or IOException when Within<SocketException>(error) is { } socket =>
            new($"cannot be reached or broke the connection off ({socket.Message})", true, error),
        HttpRequestException or IOException => new($"broke the connection off ({error.Message.TrimEnd('.')})", true, error),
        _ => null,
    };

    private static T? Within<T>(Exception error)
        where T : Exception
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner is T found)
                return found;
        }

        return null;
    }
}
