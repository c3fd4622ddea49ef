namespace MkdSeg.TestKit;

/// <summary>Files of the repository that tests read where they are committed.</summary>
public static class Repository
{
    /// <summary>The repository's root: the folder above the test that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a committed file.</summary>
    public static string File(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (System.IO.File.Exists(Path.Combine(folder, "MkdSeg.sln")))
                return folder;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
