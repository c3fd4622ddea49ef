using Microsoft.Extensions.Diagnostics.HealthChecks;
using MkdSeg.Common;

namespace SegmentationService;

/// <summary>Healthy when the bundle could be loaded.</summary>
public sealed class SegmenterHealth(IServiceProvider services) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var segmenter = services.GetRequiredService<Segmenter>();
            return Task.FromResult(HealthCheckResult.Healthy($"{segmenter.StructureNames.Count} structures"));
        }
        catch (UserErrorException error)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(error.Message));
        }
    }
}
