using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.Service.Tests;

/// <summary>
/// Requests leave nothing in memory. `dotnet cake --target=Benchmark --only=service-memory` does the same with 200 requests to a
/// process of its own.
/// </summary>
[NonParallelizable]
public class MemoryTests
{
    private const int WarmUp = 8;
    private const int Requests = 30;

    // Thirty masks, were they kept, would be more.
    private const double MostManagedMb = 1.5;
    private const double MostResidentMb = 15;

    [Test]
    public async Task Thirty_requests_leave_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        await using var service = await RunningService.StartAsync(folder["jobs"]);
        var scan = SmallScan(folder);
        for (var i = 0; i < WarmUp; i++)
            await SegmentAsync(service, scan);
        var before = Measure();
        for (var i = 0; i < Requests; i++)
            await SegmentAsync(service, scan);
        var after = Measure();
        await TestContext.Out.WriteLineAsync($"managed {before.ManagedMb:f2} → {after.ManagedMb:f2} MB");
        await TestContext.Out.WriteLineAsync($"resident {before.ResidentMb:f0} → {after.ResidentMb:f0} MB");
        Assert.That(after.ManagedMb - before.ManagedMb, Is.LessThan(MostManagedMb));
        Assert.That(after.ResidentMb - before.ResidentMb, Is.LessThan(MostResidentMb));
    }

    private static async Task SegmentAsync(RunningService service, byte[] scan)
    {
        var id = await RunningService.AcceptedAsync(service.PostAsync(scan));
        await service.UntilAsync(id, "done");
        await service.ResultAsync(id, "nifti");
        using var deleted = await service.Client.DeleteAsync($"/v1/jobs/{id}");
    }

    private static (double ManagedMb, double ResidentMb) Measure()
    {
        // Finalizers free what natives hold, and a second collection what finalizers kept.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true) / 1e6, Environment.WorkingSet / 1e6);
    }

    // Every second voxel of the phantom along each axis.
    private static byte[] SmallScan(TemporaryFolder folder)
    {
        var path = folder["scan.nii.gz"];
        File.WriteAllBytes(path, PhantomScan.Nifti);
        var whole = VolumeFile.ReadIntensities(path);
        var (from, spacing) = (whole.Grid.Size, whole.Grid.SpacingMm);
        var size = new GridSize(from.X / 2, from.Y / 2, from.Z / 2);
        var half = new Volume<float>(
            new(size, new(2 * spacing.X, 2 * spacing.Y, 2 * spacing.Z), whole.Grid.OriginMm, whole.Grid.Direction));
        for (var i = 0; i < half.Voxels.Length; i++)
            half.Voxels[i] = whole[2 * (i % size.X), 2 * (i / size.X % size.Y), 2 * (i / (size.X * size.Y))];
        VolumeFile.Write(half, path);
        return File.ReadAllBytes(path);
    }
}
