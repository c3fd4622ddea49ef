using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MkdSeg.Service.Api;

/// <summary>
/// Decides who may send requests: with a token, whoever presents it; without one, only this machine, and no page of another
/// site open in its browser.
/// </summary>
internal sealed class AccessRules(string? token)
{
    private const string Scheme = "Bearer ";

    private const string ContentRules =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src data:; connect-src 'self' data: blob:; worker-src blob:; form-action 'none'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    // Paths that reveal nothing about jobs, above all the page, need no token.
    private static readonly string[] Guarded = ["/v1", "/metrics"];

    private readonly byte[]? _token = token is null ? null : Hash(token);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentRules;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = context.Request.Path.StartsWithSegments("/v1") ? "no-store" : "no-cache";
        if (Refusal(context.Request) is var (status, sentence))
        {
            if (status == StatusCodes.Status401Unauthorized)
                headers.WWWAuthenticate = "Bearer";
            await Results.Problem(sentence, statusCode: status).ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private (int Status, string Sentence)? Refusal(HttpRequest request)
    {
        // Host names of other sites can be made to resolve to this machine.
        if (_token is null && !IsThisMachine(request.Host.Host))
            return (StatusCodes.Status403Forbidden, "Without a token, this service answers only requests to localhost.");
        if (request.Headers.Origin is [{ Length: > 0 } origin]
            && (!Uri.TryCreate(origin, UriKind.Absolute, out var site) || site.Authority != request.Host.Value))
        {
            return (StatusCodes.Status403Forbidden, "Pages of other sites must not use this service.");
        }

        return _token is null || !Guarded.Any(path => request.Path.StartsWithSegments(path)) || request.Path == "/v1/health"
            || (request.Headers.Authorization is [{ } given] && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                && CryptographicOperations.FixedTimeEquals(Hash(given[Scheme.Length..].Trim()), _token))
                ? null
                : (StatusCodes.Status401Unauthorized, "This service requires its token: Authorization: Bearer TOKEN.");
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
