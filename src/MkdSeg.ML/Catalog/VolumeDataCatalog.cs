using MkdSeg.Datasets;
using MkdSeg.IO;

namespace Microsoft.ML;

/// <summary>Volumes as data of ML.NET pipelines.</summary>
public static class VolumeDataCatalog
{
    /// <summary>
    /// Lists the volume files of a folder as rows of two text columns, ordered by name: "Path", and "Name", the file's name
    /// without ending; or the cases of a manifest, see the overload that takes one. Files named as annotations ("_label",
    /// "_mask", "_seg") are left out. Nothing is read; append <see cref="VolumeTransformsCatalog.LoadVolume"/> for that.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="folder">The folder, without its subfolders; or a manifest's file, which ends in .json.</param>
    /// <exception cref="UserErrorException">
    /// There is no such folder, or no volume in it; or the manifest is not consistent.
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

    /// <summary>Volume files as rows of two text columns, "Path" and "Name"; nothing is read.</summary>
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
    /// The cases of a manifest as rows of text columns, in its order: "Path"; "Name", the case's id; "LabelPath", the
    /// annotation's file, empty where there is none; "Modality"; "Split", empty where it has none. Nothing is read.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="modality">The modality whose cases are wanted; all where it is null.</param>
    /// <param name="split">The split whose cases are wanted, such as "test"; all where it is null.</param>
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

    // One rule with the scoring of folders: what is named as an annotation is no image.
    private static string[] ImagesOf(string folder)
    {
        string[] images = [.. VolumeListing.Find(folder).Where(path => !VolumeListing.IsAnnotation(path))];
        return images.Length > 0
            ? images
            : throw new UserErrorException($"The folder {folder} holds annotations only, by their names; name one with images.");
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
