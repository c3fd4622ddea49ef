namespace MkdSeg.TestKit;

/// <summary>Public real files that are not part of the repository: they lie in a folder beside it, or nowhere.</summary>
public static class SharedData
{
    /// <summary>The path of a file or folder below <c>../shared/data</c>; null where it is not there.</summary>
    public static string? Find(params string[] parts)
    {
        var path = Path.Combine([Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data")), .. parts]);
        return Path.Exists(path) ? path : null;
    }
}
