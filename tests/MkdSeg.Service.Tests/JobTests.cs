using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using MkdSeg.Common;
using MkdSeg.Service.Jobs;

namespace MkdSeg.Service.Tests;

/// <summary>From upload to result, over HTTP.</summary>
[NonParallelizable]
public class JobTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public async Task An_upload_gives_the_bytes_of_the_folder_scorer_and_its_measurements()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"]);
        var id = await RunningService.AcceptedAsync(service.PostAsync(("Doe^Jane.nii.gz", PhantomScan.Nifti)));
        var state = await service.UntilAsync(id, "done");

        var found = state.GetProperty("cases").EnumerateArray().Single();
        var expected = PhantomScan.Scored.Cases.Single();
        Assert.That(state.GetProperty("fraction").GetDouble(), Is.EqualTo(1));
        Assert.That(found.GetProperty("name").GetString(), Is.EqualTo("volume"));
        Assert.That(found.GetProperty("status").GetString(), Is.EqualTo(expected.Status.ToString().ToLowerInvariant()));
        Assert.That(
            found.GetProperty("structures").EnumerateArray().Select(structure => structure.GetProperty("volumeMl").GetDouble()),
            Is.EqualTo(expected.VolumesMl).AsCollection);
        Assert.That(found.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()), Is.EqualTo(expected.Warnings));

        byte[] Expected(string file) => File.ReadAllBytes(Path.Combine(PhantomScan.ScoredFolder, file));
        Assert.That(await service.ResultAsync(id, "nifti"), Is.EqualTo(Expected("volume.nii.gz")));
        Assert.That(await service.ResultAsync(id, "seg.nrrd"), Is.EqualTo(Expected("volume.seg.nrrd")));
        var rows = Encoding.UTF8.GetString(await service.ResultAsync(id, "csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(rows, Has.Length.EqualTo(2));
        Assert.That(rows[1], Does.StartWith($"volume,volume.nii.gz,{expected.Sha256},"));
        using var zip = new ZipArchive(new MemoryStream(await service.ResultAsync(id, "zip")));
        Assert.That(
            zip.Entries.Select(entry => entry.FullName),
            Is.EqualTo(new[] { "results.csv", "results.json", "volume.nii.gz", "volume.seg.nrrd" }));
        using (var results = new StreamReader(zip.GetEntry("results.json")!.Open()))
            Assert.That(await results.ReadToEndAsync(), Does.Not.Contain(_folder.Path));

        await File.WriteAllBytesAsync(_folder["image.nii.gz"], await service.Client.GetByteArrayAsync($"/v1/jobs/{id}/image"));
        await File.WriteAllBytesAsync(_folder["upload.nii.gz"], PhantomScan.Nifti);
        var (image, upload) = (IO.VolumeFile.ReadIntensities(_folder["image.nii.gz"]), IO.VolumeFile.ReadIntensities(_folder["upload.nii.gz"]));
        Assert.That(image.Grid.Size, Is.EqualTo(upload.Grid.Size));
        Assert.That(image.Voxels.Zip(upload.Voxels, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(0.51), "whole HU");

        foreach (var (query, status) in new[] { ("format=seg", 404), ("format=png", 400), ("case=other", 404) })
        {
            using var answer = await service.Client.GetAsync($"/v1/jobs/{id}/result?{query}");
            Assert.That((int)answer.StatusCode, Is.EqualTo(status), query);
        }

        Assert.That(
            Directory.EnumerateFiles(_folder["jobs"], "*", SearchOption.AllDirectories)
                .Where(file => file.Contains("Doe", StringComparison.Ordinal) || (!file.EndsWith(".gz", StringComparison.Ordinal)
                    && new FileInfo(file).Length > 0 && File.ReadAllText(file).Contains("Doe", StringComparison.Ordinal))),
            Is.Empty,
            "the client's name of the file is not kept");
    }

    [Test]
    public async Task A_zip_of_a_DICOM_series_gives_a_segmentation_object()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"]);
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (bytes, i) in PhantomScan.ToDicom().Select((bytes, i) => (bytes, i)))
            {
                using var to = zip.CreateEntry($"Doe^Jane/IM{i}").Open();
                to.Write(bytes);
            }
        }

        var id = await RunningService.AcceptedAsync(service.PostAsync(packed.ToArray()));
        var state = await service.UntilAsync(id, "done");
        var found = state.GetProperty("cases").EnumerateArray().Single();
        Assert.That(
            found.GetProperty("formats").EnumerateArray().Select(format => format.GetString()), Is.EqualTo(new[] { "nifti", "seg.nrrd", "seg" }));
        var seg = await service.ResultAsync(id, "seg");
        Assert.That(Encoding.ASCII.GetString(seg, 128, 4), Is.EqualTo("DICM"));
        Assert.That(Encoding.Latin1.GetString(seg), Does.Contain("1.2.840.10008.5.1.4.1.1.66.4"), "Segmentation Storage");
    }

    [Test]
    public async Task Header_and_voxels_in_two_files_are_one_volume()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"]);
        var header = "ObjectType = Image\nNDims = 3\nDimSize = 8 8 8\nElementSpacing = 4 4 4\nElementType = MET_SHORT\nElementDataFile = ct.raw\n";
        var id = await RunningService.AcceptedAsync(
            service.PostAsync(("in/ct.mhd", Encoding.ASCII.GetBytes(header)), ("in/ct.raw", new byte[1024])));
        // There is no heart in so small a volume; that it was read is what counts.
        var state = await service.UntilAsync(id, "failed", "done");
        Assert.That(state.GetProperty("cases").EnumerateArray().Single().GetProperty("name").GetString(), Is.EqualTo("ct"));
    }

    [Test]
    public async Task Jobs_are_cancelled_while_they_wait_and_while_they_run_and_deleted_when_over()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"]);
        var first = await RunningService.AcceptedAsync(service.PostAsync(PhantomScan.Nifti));
        var second = await RunningService.AcceptedAsync(service.PostAsync(PhantomScan.Nifti));
        Assert.That((await service.StateAsync(second)).GetProperty("position").GetInt32(), Is.EqualTo(1));
        using (var answer = await service.Client.GetAsync($"/v1/jobs/{second}/result"))
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await DeleteAsync(service, second), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await service.StateAsync(second)).GetProperty("state").GetString(), Is.EqualTo("cancelled"));
        await service.UntilAsync(first, "running");
        Assert.That(await DeleteAsync(service, first), Is.EqualTo(HttpStatusCode.Accepted));
        await service.UntilAsync(first, "cancelled");
        Assert.That(Directory.GetDirectories(_folder["jobs", first]), Is.Empty, "its files are deleted");

        foreach (var id in new[] { first, second })
        {
            Assert.That(await DeleteAsync(service, id), Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(await DeleteAsync(service, id), Is.EqualTo(HttpStatusCode.NotFound));
        }

        Assert.That(service.JobFolders, Is.Empty);
    }

    [Test]
    public async Task Fifty_uploads_at_once_fill_the_queue_and_not_more()
    {
        const int queue = 3;
        await using var service = await RunningService.StartAsync(_folder["jobs"], options => options with { Queue = queue });
        // The worker is kept busy meanwhile, by volumes enough.
        var busy = await RunningService.AcceptedAsync(
            service.PostAsync([.. Enumerable.Range(0, 30).Select(i => ($"{i}.nii.gz", PhantomScan.Nifti))]));
        await service.UntilAsync(busy, "running");
        IO.VolumeFile.Write(new Volumes.Volume<float>(TestVolumes.Grid()), _folder["small.nii"]);
        var small = await File.ReadAllBytesAsync(_folder["small.nii"]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => service.PostAsync(small)));
        var accepted = answers.Where(answer => answer.StatusCode == HttpStatusCode.Accepted).ToArray();
        var isBusy = (await service.StateAsync(busy)).GetProperty("state").GetString() == "running";
        Assert.That(isBusy, Is.True, "the worker was free too early for this test to count");
        Assert.That(accepted, Has.Length.EqualTo(queue));
        foreach (var answer in answers.Except(accepted))
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(30)));
        }

        Assert.That(service.JobFolders, Has.Length.EqualTo(queue + 1), "nothing is left of what was refused");
        await DeleteAsync(service, busy);
        await service.UntilAsync(busy, "cancelled");
        foreach (var answer in accepted)
        {
            var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
            await service.UntilAsync(id, "failed", "done");
        }
    }

    [Test]
    public async Task A_restart_keeps_finished_jobs_and_finishes_the_others()
    {
        string done, cut;
        byte[] mask;
        await using (var service = await RunningService.StartAsync(_folder["jobs"]))
        {
            done = await RunningService.AcceptedAsync(service.PostAsync(PhantomScan.Nifti));
            await service.UntilAsync(done, "done");
            mask = await service.ResultAsync(done, "nifti");
            cut = await RunningService.AcceptedAsync(service.PostAsync(PhantomScan.Nifti));
            await service.UntilAsync(cut, "running");
        }

        // As a kill leaves them: one at work, one at work for the second time, one whose upload had not ended.
        var running = StrictJson.Load<JobRecord>(_folder["jobs", cut, "job.json"]) with { State = JobState.Running, Attempts = 1 };
        StrictJson.Save(_folder["jobs", cut, "job.json"], running);
        var (hopeless, half) = (new string('a', 32), new string('b', 32));
        StrictJson.Save(_folder["jobs", hopeless, "job.json"], running with { Id = hopeless, Attempts = 2 });
        Directory.CreateDirectory(_folder["jobs", half, "received"]);

        await using (var service = await RunningService.StartAsync(_folder["jobs"]))
        {
            Assert.That(await service.ResultAsync(done, "nifti"), Is.EqualTo(mask));
            Assert.That((await service.StateAsync(hopeless)).GetProperty("state").GetString(), Is.EqualTo("failed"));
            Assert.That(_folder["jobs", half], Does.Not.Exist);
            await service.UntilAsync(cut, "done");
            Assert.That(await service.ResultAsync(cut, "nifti"), Is.EqualTo(mask));
        }
    }

    [Test]
    public async Task A_job_that_takes_too_long_fails_and_the_next_is_done()
    {
        await using var service = await RunningService.StartAsync(
            _folder["jobs"], options => options with { JobLimit = TimeSpan.FromMilliseconds(1) });
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var id = await RunningService.AcceptedAsync(service.PostAsync(PhantomScan.Nifti));
            var state = await service.UntilAsync(id, "failed");
            Assert.That(state.GetProperty("message").GetString(), Does.StartWith("It took longer than"));
        }
    }

    [Test]
    public async Task Old_jobs_are_deleted_with_all_their_files()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"], options => options with { KeepHours = 1e-6 });
        var id = await RunningService.AcceptedAsync(service.PostAsync(PhantomScan.Nifti));
        await service.UntilAsync(id, "done");
        await Task.Delay(20);
        service.Queue.DeleteOld();
        using var answer = await service.Client.GetAsync($"/v1/jobs/{id}");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(service.JobFolders, Is.Empty);
    }

    [Test]
    public async Task Two_services_do_not_share_a_folder_of_jobs()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"]);
        Assert.That(async () => await RunningService.StartAsync(_folder["jobs"]), Throws.TypeOf<UserErrorException>());
    }

    private static async Task<HttpStatusCode> DeleteAsync(RunningService service, string id)
    {
        using var answer = await service.Client.DeleteAsync($"/v1/jobs/{id}");
        return answer.StatusCode;
    }
}
