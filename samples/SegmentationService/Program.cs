using Microsoft.AspNetCore.RateLimiting;
using MkdSeg;
using MkdSeg.Common;
using SegmentationService;
// SegmentationService --Bundle FOLDER [--urls http://localhost:5000]: segments the NIfTI files that are posted to it.
//   curl --data-binary @ct.nii.gz http://localhost:5000/segmentations

const string Queue = "segmentations";
var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration.Get<ServiceSettings>() ?? new();
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = settings.LargestUploadBytes);
builder.Services.AddSingleton(settings);
builder.Services.AddSingleton<Segmenter>();
builder.Services.AddHealthChecks().AddCheck<SegmenterHealth>("segmenter");
builder.Services.AddRateLimiter(limiter =>
{
    limiter.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
    limiter.OnRejected = (rejected, _) =>
    {
        rejected.HttpContext.Response.Headers.RetryAfter = "30";
        return ValueTask.CompletedTask;
    };
    limiter.AddConcurrencyLimiter(Queue, queue =>
    {
        queue.PermitLimit = settings.AtOnce;
        queue.QueueLimit = settings.LongestQueue;
    });
});

var app = builder.Build();
app.UseRateLimiter();
app.MapHealthChecks("/health");
app.MapPost("/segmentations", async (HttpRequest request, Segmenter segmenter, CancellationToken cancellation) =>
{
    try
    {
        return Results.Ok(await segmenter.SegmentAsync(request.Body, cancellation));
    }
    catch (BadHttpRequestException error)
    {
        return Results.Problem(error.Message, statusCode: error.StatusCode);
    }
    catch (Exception error) when (UserErrorException.SentenceWithin(error) is { } sentence)
    {
        return Results.Problem(sentence, statusCode: StatusCodes.Status422UnprocessableEntity);
    }
}).RequireRateLimiting(Queue);
app.Run();
