using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MkdSeg.Service.Api;
using MkdSeg.Service.Jobs;
using Prometheus;

using Measures = Prometheus.Metrics;

namespace MkdSeg.Service.Monitoring;

/// <summary>The content of <c>/metrics</c>, in Prometheus' text format. Every series exists from the start, at 0.</summary>
internal sealed class ServiceMetrics
{
    private static readonly Dictionary<int, string> Reasons = new()
    {
        [StatusCodes.Status400BadRequest] = "malformed",
        [StatusCodes.Status408RequestTimeout] = "too_slow",
        [StatusCodes.Status413PayloadTooLarge] = "too_large",
        [StatusCodes.Status422UnprocessableEntity] = "no_volume",
        [StatusCodes.Status503ServiceUnavailable] = "queue_full",
    };

    // The client disconnected, or something other than the upload was at fault.
    private const string OtherReason = "broken_off";

    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly CollectorRegistry _registry = Measures.NewCustomRegistry();
    private readonly Gauge _jobs;
    private readonly Gauge _waiting;
    private readonly Counter _finished;
    private readonly Counter _cases;
    private readonly Counter _accepted;
    private readonly Counter _refused;
    private readonly Counter _bytes;
    private readonly Histogram _jobSeconds;
    private readonly Histogram _stageSeconds;

    public ServiceMetrics(VersionAnswer version, ServiceOptions options)
    {
        var make = Measures.WithCustomRegistry(_registry);
        DotNetStats.Register(_registry);
        string[] about = ["model", "modality", "model_sha256", "version"];
        make.CreateGauge("mkdseg_info", "The model and version in service; always 1.", about)
            .WithLabels(version.Model, version.Modality, version.ModelSha256, LibraryVersion.Of(typeof(ServiceMetrics))).Set(1);
        _jobs = make.CreateGauge("mkdseg_jobs", "Jobs on disk, by state.", "state");
        _waiting = make.CreateGauge("mkdseg_queue_length", "Waiting jobs.");
        make.CreateGauge("mkdseg_queue_capacity", "Maximum number of jobs waiting or being uploaded.").Set(options.Queue);
        _finished = make.CreateCounter("mkdseg_jobs_finished_total", "Finished jobs, by state.", "state");
        _cases = make.CreateCounter("mkdseg_cases_total", "Processed volumes, by status.", "status");
        _accepted = make.CreateCounter("mkdseg_uploads_accepted_total", "Uploads that became jobs.");
        _refused = make.CreateCounter("mkdseg_uploads_refused_total", "Refused uploads, by reason.", "reason");
        _bytes = make.CreateCounter("mkdseg_upload_bytes_total", "Bytes of received uploads, including refused ones.");
        _jobSeconds = make.CreateHistogram(
            "mkdseg_job_seconds",
            "Seconds from a job's start to its end.",
            new HistogramConfiguration { Buckets = [1, 3, 10, 30, 60, 120, 300, 600, 1800, 3600] });
        _stageSeconds = make.CreateHistogram(
            "mkdseg_stage_seconds",
            "Seconds that a volume spent in a stage.",
            new HistogramConfiguration { LabelNames = ["stage"], Buckets = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300] });

        foreach (var state in Enum.GetValues<JobState>())
            _jobs.WithLabels(Label(state));
        foreach (var state in new[] { JobState.Done, JobState.Failed, JobState.Cancelled })
            _finished.WithLabels(Label(state));
        foreach (var status in new[] { CaseStatus.Ok, CaseStatus.Doubtful, CaseStatus.Failed })
            _cases.WithLabels(Label(status));
        foreach (var reason in Reasons.Values.Append(OtherReason))
            _refused.WithLabels(reason);
        foreach (var stage in Enum.GetValues<ScoringStage>())
            _stageSeconds.WithLabels(Label(stage));
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapGet(
        "/metrics",
        async (HttpResponse response, ServiceMetrics metrics, JobQueue queue, CancellationToken cancellation) =>
        {
            response.ContentType = ContentType;
            await metrics.WriteAsync(response.Body, queue, cancellation);
        }).ExcludeFromDescription();

    public void Received(long bytes) => _bytes.Inc(bytes);

    public void UploadAccepted() => _accepted.Inc();

    /// <param name="status">The HTTP status that gave the reason; null if the client had disconnected.</param>
    public void UploadRefused(int? status) => _refused.WithLabels(Reasons.GetValueOrDefault(status ?? 0, OtherReason)).Inc();

    public void Finished(JobRecord record)
    {
        _finished.WithLabels(Label(record.State)).Inc();
        if (record is { Started: { } started, Finished: { } finished })
            _jobSeconds.Observe((finished - started).TotalSeconds);
    }

    public void Finished(CaseResult result)
    {
        _cases.WithLabels(Label(result.Status)).Inc();
        foreach (var (stage, seconds) in result.Seconds)
            _stageSeconds.WithLabels(Label(stage)).Observe(seconds);
    }

    private async Task WriteAsync(Stream to, JobQueue queue, CancellationToken cancellation)
    {
        var counts = queue.CountStates();
        foreach (var state in Enum.GetValues<JobState>())
            _jobs.WithLabels(Label(state)).Set(counts.GetValueOrDefault(state));
        _waiting.Set(queue.Waiting);
        await _registry.CollectAndExportAsTextAsync(to, cancellation);
    }

    private static string Label(Enum value) => value.ToString().ToLower(CultureInfo.InvariantCulture);
}
