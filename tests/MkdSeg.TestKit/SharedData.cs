namespace MkdSeg.TestKit;

/// <summary>Public real files that are not part of the repository: they lie in a folder beside it, or nowhere.</summary>
public static class SharedData
{
    /// <summary>The path of a file or folder below <c>shared/data</c> in a folder above; null where it is not there.</summary>
    public static string? Find(params string[] parts)
    {
        for (var folder = Path.GetDirectoryName(Repository.Root); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Combine([folder, "shared", "data", .. parts]);
            if (Path.Exists(path))
                return path;
        }

        return null;
    }
}
