namespace MkdSeg.Packaging.Tests;

/// <summary>A change of the public API is seen: it changes a committed list, or it fails.</summary>
public class PublicApiTests
{
    [TestCaseSource(typeof(PublicApi), nameof(PublicApi.Libraries))]
    public void Is_what_its_list_says(string library)
    {
        var (added, removed) = PublicApi.Compare(File.ReadLines(PublicApi.ListOf(library)), PublicApi.Lines(library));
        var lines = added.Select(line => "+ " + line).Concat(removed.Select(line => "- " + line));
        Assert.That(
            added.Length + removed.Length, Is.Zero,
            () => $"""
                The public API of {library} changed:
                {string.Join(Environment.NewLine, lines)}
                Where that is wanted, write the lists anew and commit them:
                dotnet test tests/MkdSeg.Packaging.Tests --configuration Release --filter FullyQualifiedName~RenewApiLists
                """);
    }

    [Test]
    public void Additions_and_removals_are_told_apart()
    {
        string[] listed = ["public class A", "    public int X()", "public class B", "    public int X()"];
        string[] actual = ["public class A", "    public int X()", "public class B", "    public long X()"];
        var (added, removed) = PublicApi.Compare(listed, actual);
        Assert.That(added, Is.EqualTo(new[] { "public class B · public long X()" }));
        Assert.That(removed, Is.EqualTo(new[] { "public class B · public int X()" }));
    }

    [Test]
    public void Lists_have_members_and_nothing_internal()
    {
        var lines = PublicApi.Lines("MkdSeg").ToList();
        Assert.That(lines, Does.Contain("    public static MkdSeg.Labels.LabelSet WholeHeart { get; }"));
        Assert.That(lines, Has.None.Contains("Internals."));
    }
}
