using MkdSeg.ML.Data;

namespace Microsoft.ML;

/// <summary>Volumes as data of ML.NET pipelines.</summary>
public static class VolumeDataCatalog
{
    /// <summary>
    /// The volume files of a folder as rows of two text columns, ordered by name: "Path", and "Name", the file's name
    /// without ending. Nothing is read; append <see cref="VolumeTransformsCatalog.LoadVolume"/> for that.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="folder">The folder; its subfolders are not looked at.</param>
    /// <exception cref="MkdSeg.UserErrorException">There is no such folder, or no volume in it.</exception>
    public static IDataView LoadVolumes(this DataOperationsCatalog catalog, string folder) =>
        LoadVolumes(catalog, VolumeListing.Find(folder));

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

    private sealed class VolumeRow
    {
        public string Path { get; set; } = "";

        public string Name { get; set; } = "";
    }
}
