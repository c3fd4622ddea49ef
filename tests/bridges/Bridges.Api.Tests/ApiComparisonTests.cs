#pragma warning disable CA1822, CA1051, CA1034, CA1708 // members to compare, not to use
namespace Bridges.Api.Tests;

/// <summary>The comparison itself: each way in which a bridge could depart from the real package is found.</summary>
public class ApiComparisonTests
{
    private static List<string> Compare(Type type, params string[] list) =>
        new ApiComparison(ApiList.Parse(list)).Differences([type]);

    public sealed class Exact : IDisposable
    {
        public Exact(string name, double factor = 0.5, long[]? sizes = null) => Name = $"{name}{factor}{sizes}";

        public string? Name { get; }

        public void Dispose()
        {
        }

        public override string ToString() => "";
    }

    private static readonly string[] s_exact =
    [
        "namespace Bridges.Api.Tests",
        "public sealed class ApiComparisonTests.Exact : IDisposable",
        "    public Exact(string name, double factor = 0.5, long[] sizes = null)",
        "    public string Name { get; set; }",
        "    public void Dispose()",
    ];

    [Test]
    public void A_part_of_the_real_type_is_fine() => Assert.That(Compare(typeof(Exact), s_exact), Is.Empty);

    [TestCase("public sealed class", "public class", "is public sealed class, really public class")]
    [TestCase("    public void Dispose()", "", "no member 'public void Dispose()'")]
    [TestCase("double factor", "double scale", "no member 'public Exact(string name, double factor = 0.5")]
    [TestCase("0.5", "0.25", "no member 'public Exact(")]
    [TestCase("long[]", "long?[]", "no member 'public Exact(")]
    [TestCase("{ get; set; }", "{ set; }", "no member 'public string Name { get; }'")]
    [TestCase(" : IDisposable", "", "derives from IDisposable")]
    [TestCase("Tests.Exact", "Tests.Other", "no such type")]
    public void A_difference_is_found(string text, string changed, string expected) => Assert.That(
        Compare(typeof(Exact), [.. s_exact.Select(line => line.Replace(text, changed, StringComparison.Ordinal))]),
        Has.Some.Contains(expected));

    public static class Generic
    {
        public static (T low, IList<T> high) Range<T, TKey>(TKey key, ref int by, params T?[] items)
            where T : unmanaged where TKey : class, new() => (items[0] ?? default, [default]);
    }

    [TestCase("")]
    [TestCase("low")]
    public void Generic_methods_and_tuples_are_spelled(string removed)
    {
        var line = "    public static (T low, IList<T> high) Range<T, TKey>(TKey key, ref int by, params T?[] items) " +
            "where T : unmanaged where TKey : class, new()";
        var differences = Compare(
            typeof(Generic), "namespace Bridges.Api.Tests", "public static class ApiComparisonTests.Generic",
            removed.Length == 0 ? line : line.Replace(removed, "", StringComparison.Ordinal));
        Assert.That(differences, Has.Count.EqualTo(removed.Length == 0 ? 0 : 1));
    }

    public enum Colour : byte
    {
        Red = 1,
        Blue = 2,
    }

    [TestCase("    Blue = 2", 0)]
    [TestCase("    Blue = 3", 1)]
    public void Enums_have_their_values(string blue, int expected) => Assert.That(
        Compare(typeof(Colour), "namespace Bridges.Api.Tests", "public enum ApiComparisonTests.Colour : byte",
        "    Red = 1", blue),
        Has.Count.EqualTo(expected));

    public delegate void Handler<T>(in T value);

    [TestCase("in TRow", 1)]
    [TestCase("in T", 0)]
    [TestCase("ref T", 1)]
    public void Delegates_have_a_signature(string parameter, int expected) => Assert.That(
        Compare(
            typeof(Handler<>), "namespace Bridges.Api.Tests",
            $"public delegate void ApiComparisonTests.Handler<T>({parameter} value)"),
        Has.Count.EqualTo(expected));
}
