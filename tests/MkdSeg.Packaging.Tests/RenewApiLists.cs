namespace MkdSeg.Packaging.Tests;

/// <summary>
/// Writes the lists of the public API anew:
/// <code>
/// dotnet test tests/MkdSeg.Packaging.Tests --configuration Release --filter FullyQualifiedName~RenewApiLists
/// </code>
/// </summary>
[Explicit("rewrites api/")]
public class RenewApiLists
{
    [TestCaseSource(typeof(PublicApi), nameof(PublicApi.Libraries))]
    public void Write(string library)
    {
        var path = PublicApi.ListOf(library);
        File.WriteAllLines(path + ".new", PublicApi.Lines(library));
        File.Move(path + ".new", path, overwrite: true);
    }
}
