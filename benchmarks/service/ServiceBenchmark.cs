using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MkdSeg.IO;
using MkdSeg.Phantom;
using MkdSeg.Volumes;

namespace MkdSeg.ServiceBenchmark;

/// <summary>Runs both as separate processes, as users start them; the service is started once.</summary>
internal sealed class ServiceBenchmark(string folder, string model, int threads)
{
    private static readonly GridSize FullSize = new(512, 512, 250);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Measures a CT of 512×512×250 from its file to the file of its mask: the service from upload to download, the command
    /// line from start to exit, both writing the same two files.
    /// </summary>
    public async Task MeasureSpeedAsync(int rounds)
    {
        var scan = MakeScan(FullSize);
        var megabytes = new FileInfo(scan).Length / 1e6;
        Print($"{FullSize} voxels, {megabytes:f0} MB, {threads} threads, both sides write NIfTI and .seg.nrrd");
        await using var service = await RunningService.StartAsync(folder, model, threads);
        var ratios = new List<double>();
        // The first round is not counted: it fills the system's file cache and compiles code in the service.
        for (var round = 0; round <= rounds; round++)
        {
            var command = Time(() => Score(scan, Path.Combine(folder, $"masks-{round}")));
            var watch = Stopwatch.StartNew();
            await service.SegmentAsync(scan, Path.Combine(folder, "downloaded.nii.gz"));
            var served = watch.Elapsed;
            var name = round == 0 ? "warm-up" : $"round {round}";
            Print($"{name}: command line {command.TotalSeconds:f1} s, service {served.TotalSeconds:f1} s");
            if (round > 0)
                ratios.Add(served / command);
        }

        ratios.Sort();
        Print($"ratio         {(ratios[(ratios.Count - 1) / 2] + ratios[ratios.Count / 2]) / 2:f3}, service over command line");
        Print($"memory        {service.ResidentMb:f0} MB in the service afterwards, {service.PeakMb:f0} MB at its peak");
    }

    /// <summary>Measures the service's memory over many requests with a small CT; each job is deleted.</summary>
    public async Task MeasureMemoryAsync(int requests)
    {
        var scan = MakeScan(null);
        await using var service = await RunningService.StartAsync(folder, model, threads);
        Print($"before any request {service.ResidentMb:f0} MB");
        var seconds = Stopwatch.StartNew();
        for (var request = 1; request <= requests; request++)
        {
            await service.SegmentAsync(scan, Path.Combine(folder, "downloaded.nii.gz"));
            if (request is 1 or 20 or 50 or 100 or 150 || request == requests)
                Print($"after {request,3} requests {service.ResidentMb:f0} MB, {seconds.Elapsed.TotalSeconds:f0} s");
        }
    }

    private void Score(string scan, string output)
    {
        using var process = Start(
            "score", scan, "--model", model, "--out", output, "--format", "nifti", "seg.nrrd", "--threads", $"{threads}");
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"mkdseg score exited with code {process.ExitCode}.");
    }

    // A phantom's chest; at full size with noise, so that the file is as large as one from a scanner.
    private string MakeScan(GridSize? wanted)
    {
        var manifest = PhantomDataset.Write(
            Path.Combine(folder, "phantom"), new() { Seed = 5, CtTrain = 0, MrTrain = 0, CtTest = 1 });
        var path = manifest.ImagePath(manifest.Cases.Single());
        if (wanted is not { } size)
            return path;
        var phantom = VolumeFile.ReadIntensities(path);
        var (from, spacing) = (phantom.Grid.Size, phantom.Grid.SpacingMm);
        var volume = new Volume<float>(new(
            size,
            new(spacing.X * from.X / size.X, spacing.Y * from.Y / size.Y, spacing.Z * from.Z / size.Z),
            phantom.Grid.OriginMm,
            phantom.Grid.Direction));
        var random = new Random(5);
        for (var i = 0; i < volume.Voxels.Length; i++)
        {
            var (x, y, z) = (i % size.X, i / size.X % size.Y, i / (size.X * size.Y));
            var value = phantom[x * from.X / size.X, y * from.Y / size.Y, z * from.Z / size.Z];
            volume.Voxels[i] = float.Round(value) + random.Next(-15, 16);
        }

        path = Path.Combine(folder, "thorax.nii.gz");
        VolumeFile.Write(volume, path);
        return path;
    }

    internal static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        })!;

    private static TimeSpan Time(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>mkdseg serve as a process, with a client.</summary>
    private sealed class RunningService : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _client;

        private RunningService(Process process, HttpClient client) => (_process, _client) = (process, client);

        public double ResidentMb => Memory("VmRSS:");

        public double PeakMb => Memory("VmHWM:");

        public static async Task<RunningService> StartAsync(string folder, string model, int threads)
        {
            var process = ServiceBenchmark.Start(
                "serve", "--model", model, "--port", "0", "--jobs", Path.Combine(folder, "jobs"), "--threads", $"{threads}",
                "--log-json");
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                const string begin = "Listening on ";
                var message = JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString()!;
                if (message.StartsWith(begin, StringComparison.Ordinal))
                {
                    // It continues to log; a full pipe would block it.
                    _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                    var address = new Uri(message[begin.Length..].Split(';')[0]);
                    return new(process, new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(30) });
                }
            }

            throw new InvalidOperationException("mkdseg serve exited before it listened.");
        }

        public async Task SegmentAsync(string scan, string download)
        {
            await using var upload = File.OpenRead(scan);
            using var body = new StreamContent(upload);
            using var accepted = (await _client.PostAsync("v1/jobs", body)).EnsureSuccessStatusCode();
            var id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
            string? state = null;
            while (state is null or "queued" or "running")
            {
                await Task.Delay(Poll);
                state = (await _client.GetFromJsonAsync<JsonElement>($"v1/jobs/{id}")).GetProperty("state").GetString();
            }

            if (state != "done")
                throw new InvalidOperationException($"The job's state is {state}; expected done.");
            await using (var file = File.Create(download))
            await using (var mask = await _client.GetStreamAsync($"v1/jobs/{id}/result?format=nifti"))
                await mask.CopyToAsync(file);
            using var deleted = (await _client.DeleteAsync($"v1/jobs/{id}")).EnsureSuccessStatusCode();
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            using (var stop = Process.Start("kill", $"-TERM {_process.Id}"))
                await stop.WaitForExitAsync();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        private double Memory(string field) => File.ReadLines($"/proc/{_process.Id}/status")
            .Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2])
            .Select(kilobytes => long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1e3)
            .Single();
    }
}
