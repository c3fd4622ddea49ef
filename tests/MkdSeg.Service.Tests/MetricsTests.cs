using System.Net;
using MkdSeg.Common;
using MkdSeg.ML.Scoring;

namespace MkdSeg.Service.Tests;

/// <summary>/metrics, read as strictly as Prometheus reads it.</summary>
[NonParallelizable]
public class MetricsTests
{
    private const string Token = "a-long-text-that-nobody-guesses";
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public async Task Counters_follow_jobs_cases_and_refused_uploads()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"], options => options with { MaxUploadMb = 8 });
        var before = await ScrapeAsync(service);
        Assert.That(before["mkdseg_jobs_finished_total{state=\"done\"}"], Is.Zero);
        Assert.That(before["mkdseg_queue_capacity"], Is.EqualTo(16));
        Assert.That(
            before.Series.Single(series => series.StartsWith("mkdseg_info", StringComparison.Ordinal)),
            Does.Match("^mkdseg_info{model=\"[^\"]+\",modality=\"CT\",model_sha256=\"[0-9a-f]{64}\",version=\"[0-9.]+[^\"]*\"}$"));

        var id = await RunningService.AcceptedAsync(service.PostAsync(PhantomScan.Nifti));
        await service.UntilAsync(id, "done");
        await RunningService.RefusedAsync(service.PostAsync([1, 2, 3]), HttpStatusCode.UnprocessableEntity);
        using var tooLarge = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = new ByteArrayContent(new byte[10 << 20]),
            Headers = { ExpectContinue = true },
        };
        await RunningService.RefusedAsync(service.Client.SendAsync(tooLarge), HttpStatusCode.RequestEntityTooLarge);

        var after = await ScrapeAsync(service);
        double Gain(string series) => after[series] - before[series];
        var status = PhantomScan.Scored.Cases.Single().Status.ToString().ToLowerInvariant();
        Assert.Multiple(() =>
        {
            Assert.That(Gain("mkdseg_uploads_accepted_total"), Is.EqualTo(1));
            Assert.That(Gain("mkdseg_jobs_finished_total{state=\"done\"}"), Is.EqualTo(1));
            Assert.That(Gain("mkdseg_jobs_finished_total{state=\"failed\"}"), Is.Zero);
            Assert.That(Gain($"mkdseg_cases_total{{status=\"{status}\"}}"), Is.EqualTo(1));
            Assert.That(after["mkdseg_jobs{state=\"done\"}"], Is.EqualTo(1));
            Assert.That(after["mkdseg_queue_length"], Is.Zero);
            Assert.That(Gain("mkdseg_job_seconds_count"), Is.EqualTo(1));
            foreach (var stage in Enum.GetValues<ScoringStage>())
                Assert.That(Gain($"mkdseg_stage_seconds_count{{stage=\"{stage.ToString().ToLowerInvariant()}\"}}"), Is.EqualTo(1));
            Assert.That(Gain("mkdseg_stage_seconds_sum{stage=\"segment\"}"), Is.GreaterThan(0));
            Assert.That(Gain("mkdseg_job_seconds_sum"), Is.GreaterThan(Gain("mkdseg_stage_seconds_sum{stage=\"segment\"}")));
            Assert.That(Gain("mkdseg_uploads_refused_total{reason=\"no_volume\"}"), Is.EqualTo(1));
            Assert.That(Gain("mkdseg_uploads_refused_total{reason=\"too_large\"}"), Is.EqualTo(1));
            Assert.That(Gain("mkdseg_uploads_refused_total{reason=\"queue_full\"}"), Is.Zero);
            var sent = PhantomScan.Nifti.Length + 3;
            Assert.That(Gain("mkdseg_upload_bytes_total"), Is.InRange(sent, sent + (10 << 20)));
            Assert.That(after["process_working_set_bytes"], Is.GreaterThan(50e6));
        });

        using (await service.Client.DeleteAsync($"/v1/jobs/{id}"))
            Assert.That((await ScrapeAsync(service))["mkdseg_jobs{state=\"done\"}"], Is.Zero);
    }

    [Test]
    public async Task A_token_guards_them()
    {
        var file = _folder.Write("token", Token);
        await using var service = await RunningService.StartAsync(_folder["jobs"], options => options with { TokenFile = file });
        using (var refused = await service.Client.GetAsync("/metrics"))
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        service.Authorize(Token);
        await ScrapeAsync(service);
    }

    private static async Task<PrometheusText> ScrapeAsync(RunningService service)
    {
        using var answer = await service.Client.GetAsync("/metrics");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        return PrometheusText.Parse(await answer.Content.ReadAsStringAsync());
    }
}
