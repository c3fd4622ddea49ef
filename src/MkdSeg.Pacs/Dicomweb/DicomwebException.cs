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

    /// <summary>How long the server asks clients to wait; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether an error means that the server is unreachable or overloaded; the next request would fail too.</summary>
    public static bool IsWithin(UserErrorException sentence) => sentence.InnerException is DicomwebException { IsPassing: true };

    /// <summary>Returns the exception for an answer other than success.</summary>
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
                $"{status}: it does not accept these credentials; check --user and its password, or --token-file", false),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                new(status + said, true)
                {
                    RetryAfter = answer.Headers.RetryAfter is { } after
                        ? after.Delta ?? (after.Date is { } date ? date - DateTimeOffset.UtcNow : null)
                        : null,
                },
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new(
                $"{status} and redirects to {answer.Headers.Location}; use that address", false),
            _ => new(status + said, false),
        };
    }

    /// <summary>Returns the exception for an error of the network or the server; null for any other.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="idleLimit">How long the request waited, if the error is a cancellation.</param>
    public static DicomwebException? Of(Exception error, TimeSpan idleLimit) => error switch
    {
        DicomwebException own => own,
        OperationCanceledException => new($"does not answer for {idleLimit.TotalSeconds:0.#} s", true, error),
        JsonException => new(
            "answers with something other than DICOM JSON; check that it is a DICOMweb address", false, error),
        InvalidDataException => new($"sends a damaged answer: {error.Message.TrimEnd('.')}", true, error),
        HttpRequestException or IOException when Within<AuthenticationException>(error) is { } untrusted => new(
            $"presents a certificate that is not trusted here ({untrusted.Message.TrimEnd('.')}); install its authority, or "
            + "pass --insecure",
            false,
            error),
        HttpRequestException or IOException when Within<SocketException>(error) is { } socket =>
            new($"cannot be reached or dropped the connection ({socket.Message})", true, error),
        HttpRequestException or IOException => new($"dropped the connection ({error.Message.TrimEnd('.')})", true, error),
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
