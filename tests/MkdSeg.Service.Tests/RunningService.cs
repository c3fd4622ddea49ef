using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MkdSeg.Service.Jobs;

namespace MkdSeg.Service.Tests;

/// <summary>A service on a free port of this machine, with a client.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly SegmentationService _service;

    private RunningService(SegmentationService service, string folder)
    {
        (_service, JobsFolder) = (service, folder);
        Client = new() { BaseAddress = service.Address, Timeout = Patience };
    }

    public HttpClient Client { get; }

    public Uri Address => _service.Address;

    public string JobsFolder { get; }

    public JobQueue Queue => _service.Services.GetRequiredService<JobQueue>();

    /// <summary>The folders of all jobs.</summary>
    public string[] JobFolders => Directory.GetDirectories(JobsFolder).Where(path => Path.GetFileName(path) != ".mkdseg").ToArray();

    public static async Task<RunningService> StartAsync(string folder, Func<ServiceOptions, ServiceOptions>? change = null)
    {
        var options = new ServiceOptions
        {
            Model = Repository.File("onnx/phantom-ct"), Port = 0, Folder = folder, Inference = new() { Device = "cpu", Threads = 1 },
        };
        return new(await SegmentationService.StartAsync(change?.Invoke(options) ?? options), folder);
    }

    public Task<HttpResponseMessage> PostAsync(byte[] body) => Client.PostAsync("/v1/jobs", new ByteArrayContent(body));

    public Task<HttpResponseMessage> PostAsync(params (string Name, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, bytes) in files)
            form.Add(new ByteArrayContent(bytes), "files", name);
        return Client.PostAsync("/v1/jobs", form);
    }

    /// <summary>The job that an upload became.</summary>
    public static async Task<string> AcceptedAsync(Task<HttpResponseMessage> upload)
    {
        using var answer = await upload;
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await answer.Content.ReadAsStringAsync());
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        Assert.That(answer.Headers.Location?.OriginalString, Is.EqualTo($"/v1/jobs/{id}"));
        return id;
    }

    /// <summary>The sentence of an upload that was refused.</summary>
    public static async Task<string> RefusedAsync(Task<HttpResponseMessage> upload, HttpStatusCode status)
    {
        using var answer = await upload;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(status), text);
        return JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!;
    }

    public Task<JsonElement> StateAsync(string id) => Client.GetFromJsonAsync<JsonElement>($"/v1/jobs/{id}");

    /// <summary>What the service says about a job once it is in one of these states.</summary>
    public async Task<JsonElement> UntilAsync(string id, params string[] states)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var state = await StateAsync(id);
            if (states.Contains(state.GetProperty("state").GetString()))
                return state;
            if (clock.Elapsed > Patience || (state.GetProperty("state").GetString() is "done" or "failed" or "cancelled"))
                throw new InvalidOperationException($"The job is not {string.Join(" or ", states)}: {state}");
            await Task.Delay(50);
        }
    }

    public Task<byte[]> ResultAsync(string id, string format) => Client.GetByteArrayAsync($"/v1/jobs/{id}/result?format={format}");

    public void Authorize(string token) => Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.DisposeAsync();
    }
}
