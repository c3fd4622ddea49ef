using MkdSeg.Datasets;
using MkdSeg.IO;

namespace Microsoft.ML;

/// <summary>Provides volumes as data for ML.NET pipelines.</summary>
public static class VolumeDataCatalog
{
    /// <summary>
    /// Lists the volume files of a folder, ordered by name, as rows of two text columns: "Path", and "Name", the file name
    /// without extension; or the cases of a manifest, see the overload that takes one. Files named as annotations ("_label",
    /// "_mask", "_seg") are left out. No volume is read; append <see cref="VolumeTransformsCatalog.LoadVolume"/> for that.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="folder">The folder, without its subfolders; or a manifest file, which ends in .json.</param>
    /// <exception cref="UserErrorException">
    /// The folder does not exist or contains no volume, or the manifest is inconsistent.
    /// </exception>
    /// <example>
    /// <code>
    /// var volumes = new MLContext().Data.LoadVolumes("ct_folder");
    /// foreach (var path in volumes.GetColumn&lt;string&gt;("Path"))
    ///     Console.WriteLine(path);
    /// </code>
    /// </example>
    public static IDataView LoadVolumes(this DataOperationsCatalog catalog, string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? LoadVolumes(catalog, VolumeManifest.Load(folder))
            : LoadVolumes(catalog, ImagesOf(folder));
    }

    /// <summary>Lists volume files as rows of two text columns, "Path" and "Name"; no volume is read.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="paths">The files, in the order of the rows.</param>
    public static IDataView LoadVolumes(this DataOperationsCatalog catalog, IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(paths);
        VolumeRow[] rows = [.. paths.Select(path => new VolumeRow { Path = path, Name = VolumeListing.Stem(path) })];
        return catalog.LoadFromEnumerable(rows);
    }

    /// <summary>
    /// Lists the cases of a manifest, in its order, as rows of text columns: "Path"; "Name", the case's id; "LabelPath", the
    /// annotation's file, empty if there is none; "Modality"; "Split", empty if the case has none. No volume is read.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="modality">The modality of the cases to list; null for all.</param>
    /// <param name="split">The split of the cases to list, such as "test"; null for all.</param>
    /// <exception cref="UserErrorException">The manifest has no such case.</exception>
    public static IDataView LoadVolumes(
        this DataOperationsCatalog catalog, VolumeManifest manifest, string? modality = null, string? split = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(manifest);
        CaseRow[] rows =
        [
            .. from entry in manifest.Cases
               where (modality is null || entry.Modality == modality) && (split is null || entry.Split == split)
               select new CaseRow
               {
                   Path = manifest.ImagePath(entry),
                   Name = entry.Id,
                   LabelPath = manifest.LabelPath(entry) ?? "",
                   Modality = entry.Modality,
                   Split = entry.Split ?? "",
               },
        ];
        return rows.Length > 0
            ? catalog.LoadFromEnumerable(rows)
            : throw new UserErrorException(
                $"{manifest.Name}: no case has the modality '{modality ?? "any"}' and the split '{split ?? "any"}'; it has "
                + $"{string.Join(", ", manifest.Cases.Select(entry => $"{entry.Modality} {entry.Split}").Distinct())}.");
    }

    // The same rule as for scoring folders: a file named as an annotation is not an image.
    private static string[] ImagesOf(string folder)
    {
        string[] images = [.. VolumeListing.Find(folder).Where(path => !VolumeListing.IsAnnotation(path))];
        return images.Length > 0
            ? images
            : throw new UserErrorException(
                $"The folder {folder} contains only files named as annotations; name one with images.");
    }

    private sealed class CaseRow
    {
        public string Path { get; set; } = "";
        public string Name { get; set; } = "";
        public string LabelPath { get; set; } = "";
        public string Modality { get; set; } = "";
        public string Split { get; set; } = "";
    }

    private sealed class VolumeRow
    {
        public string Path { get; set; } = "";
        public string Name { get; set; } = "";
    }
}
