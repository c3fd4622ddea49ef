using MkdSeg.Common;
using MkdSeg.Reports.Model;
using MkdSeg.Reports.Page;

namespace MkdSeg.Reports;

/// <summary>
/// A report on a training and on what its model did: one HTML page with tables, charts, pictures and a viewer that needs
/// neither network nor other files. Parts for which a folder has nothing are left out and named.
/// </summary>
public static class Report
{
    /// <summary>Makes the page.</summary>
    /// <param name="options">What it is made from.</param>
    /// <param name="path">The HTML file; one that is there is replaced when the new one is complete.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellation">Looked at between cases.</param>
    /// <exception cref="UserErrorException">
    /// A folder is missing or holds nothing to report on, a file is damaged, or the page cannot be written.
    /// </exception>
    public static ReportSummary Write(
        ReportOptions options,
        string path,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var libraries = PageLibraries.Load();
        var model = ReportBuilder.Build(options, progress, cancellation);
        var page = ReportPage.Write(model, libraries);
        try
        {
            AtomicFile.WriteText(path, page);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The report {path} cannot be written: {error.Message}", error);
        }

        return new(Path.GetFullPath(path), new FileInfo(path).Length, model.LeftOut);
    }
}

/// <summary>What became of a report.</summary>
/// <param name="Path">The page's full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LeftOut">One sentence for each part that is left out or shortened, and why.</param>
public sealed record ReportSummary(string Path, long Bytes, IReadOnlyList<string> LeftOut);
