using MkdSeg.ML.Inference;
using MkdSeg.Reports.Page;

namespace MkdSeg.Reports;

/// <summary>One HTML page with tables, charts, pictures and a viewer, which needs no network and no files.</summary>
internal static class Report
{
    /// <summary>Writes the page; a page that is already there is replaced once the new one is complete.</summary>
    public static ReportSummary Write(
        ReportOptions options,
        string path,
        IProgress<WorkEvent>? progress = null,
        CancellationToken cancellation = default)
    {
        var libraries = PageLibraries.Load();
        var model = ReportBuilder.Build(options, progress, cancellation);
        var page = ReportPage.Write(model, libraries);
        UserErrorException.OfFiles(() => AtomicFile.WriteText(path, page), $"The report {path} cannot be written");
        return new(Path.GetFullPath(path), new FileInfo(path).Length, model.LeftOut);
    }
}

internal sealed record ReportOptions
{
    /// <summary>Folders of a model's training and masks, in any order; a run of an experiment is both.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Masks of other models to compare with, by name.</summary>
    public IReadOnlyList<(string Name, string Folder)> Compared { get; init; } = [];

    /// <summary>The manifest of the data; null: dataset.json beside the volumes, or one folder above them.</summary>
    public string? Manifest { get; init; }

    /// <summary>The folder that the manifest's paths start from; null for its own.</summary>
    public string? DataRoot { get; init; }

    /// <summary>The folder with the annotations; null: where the manifest says, or beside the volumes.</summary>
    public string? Truth { get; init; }

    /// <summary>The bundle; null: that of the training's folder.</summary>
    public string? Model { get; init; }

    public string? Title { get; init; }

    /// <summary>Bytes of compressed volumes in the page; larger ones are cropped, then downsampled.</summary>
    public long ViewerBytes { get; init; } = 15_000_000;

    /// <summary>Where and how the generators run for the examples of translation.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

    public DateTimeOffset? Made { get; init; }
}

/// <summary>The page that was written; <paramref name="LeftOut"/> has one sentence for each part that is missing or shortened.</summary>
internal sealed record ReportSummary(string Path, long Bytes, IReadOnlyList<string> LeftOut);
