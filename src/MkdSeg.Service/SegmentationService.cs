using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using MkdSeg.Service.Api;
using MkdSeg.Service.Jobs;
using MkdSeg.Service.Monitoring;
using MkdSeg.Service.Page;

namespace MkdSeg.Service;

/// <summary>
/// A web service that segments uploaded volumes with one model, which it loads once: a REST API under /v1, described in
/// /openapi/v1.json, and a web page. Jobs are stored on disk and survive a restart.
/// </summary>
/// <example>
/// <code>
/// await using var service = await SegmentationService.StartAsync(new() { Model = "onnx/phantom-ct" });
/// await service.WaitAsync();
/// </code>
/// </example>
public sealed class SegmentationService : IAsyncDisposable
{
    // For the boundaries of a multipart body.
    private const int BodyOverhead = 1 << 20;
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;

    private SegmentationService(WebApplication app) => _app = app;

    /// <summary>The address on which it listens.</summary>
    public Uri Address => new(_app.Urls.First());

    internal IServiceProvider Services => _app.Services;

    /// <summary>Loads the model and starts listening; jobs that an earlier process left unfinished are queued again.</summary>
    /// <param name="options">The model, where to listen, limits.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <exception cref="UserErrorException">
    /// The bundle is damaged, an option is out of range, the token is missing or too short, or another process uses the folder.
    /// </exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<SegmentationService> StartAsync(ServiceOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var token = options.Check();
        var scorer = new JobScorer(options);
        // Empty: no settings from the current folder or the environment.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.MaxUploadBytes + BodyOverhead;
            server.Listen(options.Address, options.Port);
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
        FollowServiceManager(builder);
        if (options.Log is { } log)
            builder.Services.AddSingleton(log);
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenApi("v1", document => document.AddDocumentTransformer((description, _, _) =>
        {
            description.Info = new()
            {
                Title = "MkdSeg",
                Version = LibraryVersion.Of(typeof(SegmentationService)),
                Description = "Whole-heart segmentation. Research software; not a medical device.",
            };
            description.Servers = [];
            return Task.CompletedTask;
        }));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(scorer);
        builder.Services.AddSingleton(new VersionAnswer(
            ResultsDocument.CurrentVersions(),
            scorer.Bundle.Name,
            scorer.Bundle.Modality,
            scorer.Bundle.ComputeHash(),
            scorer.Bundle.LabelSet.Structures,
            options.MaxUploadBytes,
            options.KeepHours));
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.AddSingleton<JobImages>();
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobQueue>());

        var app = builder.Build();
        try
        {
            app.Use(new AccessRules(token).InvokeAsync);
            app.UseRouting();
            JobEndpoints.Map(app);
            ServiceMetrics.Map(app);
            ServicePage.Map(app);
            app.MapOpenApi();
            await app.StartAsync(cancellation);
            return new(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // If started by systemd or Windows: reports when it is ready, stops on request, and logs in the usual way there.
    private static void FollowServiceManager(WebApplicationBuilder builder)
    {
        builder.Services.AddWindowsService(service => service.ServiceName = "mkdseg");
        // Not AddSystemd: it checks the parent process's name, which ProtectProc=invisible hides, and then reports nothing.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
            return;
        builder.Logging.AddSystemdConsole();
        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>().AddSingleton<IHostLifetime, SystemdLifetime>();
    }

    /// <summary>Waits until the service stops; cancelling stops it and queues the running job for the next start.</summary>
    /// <param name="cancellation">Stops the service.</param>
    public Task WaitAsync(CancellationToken cancellation = default) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>Stops listening and processing jobs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
