using MkdSeg.ML.Inference;
using MkdSeg.Reports.Page;

namespace MkdSeg.Reports;

/// <summary>A self-contained HTML page with tables, charts, pictures and a viewer; needs no network or other files.</summary>
internal static class Report
{
    /// <summary>Writes the page; an existing page is replaced once the new one is complete.</summary>
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
    /// <summary>Folders of a model's training run and masks, in any order; an experiment's run contains both.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Masks of other models to compare with, by name.</summary>
    public IReadOnlyList<(string Name, string Folder)> Compared { get; init; } = [];

    /// <summary>The manifest of the data; null: dataset.json next to the volumes, or one folder above them.</summary>
    public string? Manifest { get; init; }

    /// <summary>The folder that the manifest's paths are relative to; null for the manifest's own.</summary>
    public string? DataRoot { get; init; }

    /// <summary>The folder with the annotations; null: as given in the manifest, or next to the volumes.</summary>
    public string? Truth { get; init; }

    /// <summary>The bundle; null: the one in the training run's folder.</summary>
    public string? Model { get; init; }

    public string? Title { get; init; }

    /// <summary>Maximum bytes of compressed volumes in the page; larger volumes are cropped, then downsampled.</summary>
    public long ViewerBytes { get; init; } = 15_000_000;

    /// <summary>Where and how the generators run for the translation examples.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

    public DateTimeOffset? Made { get; init; }
}

/// <summary>The written page; <paramref name="LeftOut"/> has one sentence for each missing or shortened part.</summary>
internal sealed record ReportSummary(string Path, long Bytes, IReadOnlyList<string> LeftOut);
