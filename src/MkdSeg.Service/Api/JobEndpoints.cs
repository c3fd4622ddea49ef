using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using MkdSeg.Service.Jobs;
using MkdSeg.Service.Monitoring;
using MkdSeg.Service.Uploads;

namespace MkdSeg.Service.Api;

/// <summary>The REST API under /v1.</summary>
internal static class JobEndpoints
{
    private const string Octets = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/v1");
        api.MapPost("/jobs", Submit)
            .WithSummary("Submits one volume, as a file, several files or a zip.")
            .WithDescription(
                "The body is the file or zip itself, or multipart/form-data with one or more files: NIfTI, NRRD, MetaImage, "
                + "DICOM.")
            .Produces<JobAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new[] { Octets, "application/zip", "multipart/form-data" }.ToDictionary(
                        type => type,
                        type => type == "multipart/form-data"
                            ? new OpenApiMediaType
                            {
                                Schema = new OpenApiSchema
                                {
                                    Type = JsonSchemaType.Object,
                                    Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                                    {
                                        ["files"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Binary() },
                                    },
                                },
                            }
                            : new OpenApiMediaType { Schema = Binary() },
                        StringComparer.Ordinal),
                };
                return Task.CompletedTask;
            });
        api.MapGet("/jobs/{id}", (string id, JobQueue queue, ServiceOptions options) => queue.Find(id) is { } job
                ? Results.Ok(JobAnswer.Of(job, queue, options))
                : Unknown())
            .WithSummary("State, progress, measurements and warnings of a job.")
            .Produces<JobAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/jobs/{id}", (string id, JobQueue queue) => queue.Find(id) is not { } job ? Unknown()
                : queue.CancelOrDelete(job) ? Results.NoContent() : Results.Accepted())
            .WithSummary("Cancels a job that is not finished (202), or deletes a finished one with all its files (204).")
            .Produces(StatusCodes.Status202Accepted)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/jobs/{id}/result", Result)
            .WithSummary("A mask (nifti, seg.nrrd or seg, a DICOM Segmentation object), the table (csv), or all (zip).")
            .Produces(StatusCodes.Status200OK, contentType: Octets)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/jobs/{id}/image", Image)
            .WithSummary("The volume itself as compressed NIfTI, for a viewer.")
            .Produces(StatusCodes.Status200OK, contentType: Octets)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/health", (JobQueue queue) => new HealthAnswer("ok", queue.Waiting, queue.IsWorking))
            .WithSummary("Whether the service works; needs no token.");
        api.MapGet("/version", (VersionAnswer version) => version)
            .WithSummary("Versions, the model and its structures, and the limits.");

        static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };
    }

    private static async Task<IResult> Submit(
        HttpRequest request,
        JobQueue queue,
        JobScorer scorer,
        ServiceOptions options,
        ServiceMetrics metrics,
        CancellationToken cancellation)
    {
        if (queue.Begin() is not { } job)
        {
            request.HttpContext.Response.Headers.RetryAfter = "30";
            metrics.UploadRefused(StatusCodes.Status503ServiceUnavailable);
            return Problem(StatusCodes.Status503ServiceUnavailable, "The queue is full; try again in half a minute.");
        }

        var isSubmitted = false;
        int? refusal = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.UploadLimit);
        try
        {
            await new UploadReader(options, metrics).ReadAsync(request, job.InputFolder, limit.Token);
            await Task.Run(() => scorer.RequireVolume(job), limit.Token);
            queue.Submit(job);
            isSubmitted = true;
            return Results.Accepted($"/v1/jobs/{job.Record.Id}", JobAnswer.Of(job, queue, options));
        }
        catch (UploadException error)
        {
            return Refuse(error.Status, error.Message);
        }
        catch (UserErrorException error)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, JobScorer.WithoutPaths(job, error.Message));
        }
        catch (BadHttpRequestException error)
        {
            return Refuse(error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The upload is larger than {options.MaxUploadMb} MiB."
                : error.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Refuse(
                StatusCodes.Status408RequestTimeout, $"The upload took longer than {options.UploadLimit.TotalMinutes:0.#} minutes.");
        }
        catch (IOException error) when (!cancellation.IsCancellationRequested)
        {
            // Multipart bodies that end too early; a full disk, which the message names.
            var reason = error.Message.Replace(job.Folder, "the job", StringComparison.Ordinal);
            return Refuse(StatusCodes.Status400BadRequest, $"The upload cannot be accepted: {reason}");
        }
        finally
        {
            if (!isSubmitted)
            {
                metrics.UploadRefused(refusal);
                queue.Abandon(job);
            }
        }

        IResult Refuse(int status, string detail)
        {
            refusal = status;
            return Problem(status, detail);
        }
    }

    private static async Task<IResult> Result(
        string id, JobQueue queue, CancellationToken cancellation, string format = "nifti", string? @case = null)
    {
        if (queue.Find(id) is not { } job)
            return Unknown();
        if (job.Record.State != JobState.Done)
            return NotDone(job);
        if (format == "zip")
            return Results.File(await Task.Run(() => Zip(job), cancellation), "application/zip", "results.zip");
        if (format == "csv")
            return Results.File(Path.Combine(job.OutputFolder, "results.csv"), "text/csv", "results.csv");
        if (CaseOf(job, @case) is not { } found)
            return NoCase(@case);
        if (JobScorer.MaskFile(job, found.Name, format) is not { } path)
            return Problem(StatusCodes.Status400BadRequest, "The format is unknown; use nifti, seg.nrrd, seg, csv or zip.");
        return found.Formats.Contains(format)
            ? Results.File(path, Octets, Path.GetFileName(path))
            : Problem(StatusCodes.Status404NotFound, "Only a DICOM series has a DICOM Segmentation object.");
    }

    private static async Task<IResult> Image(
        string id, JobQueue queue, JobImages images, CancellationToken cancellation, string? @case = null)
    {
        if (queue.Find(id) is not { } job)
            return Unknown();
        if (job.Record.State != JobState.Done)
            return NotDone(job);
        return CaseOf(job, @case) is { } found && await images.FileAsync(job, found.Name, cancellation) is { } path
            ? Results.File(path, Octets)
            : NoCase(@case);
    }

    private static JobCase? CaseOf(Job job, string? name) =>
        job.Record.Cases.FirstOrDefault(item => item.Formats.Count > 0 && (name is null || item.Name == name));

    // Each download has its own file, which is deleted when it is closed.
    private static FileStream Zip(Job job)
    {
        var folder = Directory.CreateDirectory(Path.Combine(job.Folder, "downloads")).FullName;
        var file = new FileStream(
            Path.Combine(folder, $"{Guid.NewGuid():N}.zip"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var path in Directory.EnumerateFiles(job.OutputFolder).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(path);
                var isPacked = name.EndsWith(".gz", StringComparison.Ordinal) || name.EndsWith(".nrrd", StringComparison.Ordinal);
                zip.CreateEntryFromFile(path, name, isPacked ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
            }
        }

        file.Position = 0;
        return file;
    }

    private static IResult Unknown() =>
        Problem(StatusCodes.Status404NotFound, "There is no such job; finished jobs are deleted after some time.");

    private static IResult NotDone(Job job) => Problem(
        StatusCodes.Status409Conflict,
        $"The job is {job.Record.State.ToString().ToLowerInvariant()}; results are available once it is done.");

    private static IResult NoCase(string? name) => Problem(
        StatusCodes.Status404NotFound,
        name is null ? "No volume of the job has a mask." : $"The job has no volume '{name}' with a mask.");

    private static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);
}
