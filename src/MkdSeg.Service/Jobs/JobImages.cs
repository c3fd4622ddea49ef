using MkdSeg.Reports.Pictures;

namespace MkdSeg.Service.Jobs;

/// <summary>Volumes of finished jobs in the format of the browser's viewer; created on first request, one at a time.</summary>
internal sealed class JobImages(JobScorer scorer) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The NIfTI file of a case's volume; null if there is no such case.</summary>
    public async Task<string?> FileAsync(Job job, string name, CancellationToken cancellation)
    {
        var path = Path.Combine(job.Folder, "images", name + ".nii.gz");
        if (File.Exists(path))
            return path;
        await _one.WaitAsync(cancellation);
        try
        {
            return File.Exists(path) || await Task.Run(() => Write(job, name, path), cancellation) ? path : null;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private bool Write(Job job, string name, string path)
    {
        if (scorer.Cases(job).FirstOrDefault(item => item.Name == name) is not { } found)
            return false;
        var volume = found.SeriesFiles.Count > 0
            ? VolumeFile.ReadIntensities(found.SeriesFiles, found.Path)
            : VolumeFile.ReadIntensities(found.Path);
        var bytes = NiftiBytes.Of(volume);
        AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, bytes));
        return true;
    }
}
