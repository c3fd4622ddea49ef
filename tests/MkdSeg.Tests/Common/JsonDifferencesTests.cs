using MkdSeg.Common;
using NUnit.Framework;

namespace MkdSeg.Tests.Common;

public class JsonDifferencesTests
{
    [Test]
    public void EveryValueThatDiffersIsNamedWithBothValues() => Assert.That(
        JsonDifferences.Between(
            new Outer(1, "x", new Inner([1, 2], null)), new Outer(1, "y", new Inner([1, 3], 2.5))),
        Is.EqualTo((string[])
        [
            "text: \"x\" before, \"y\" now", "inner.list: [1,2] before, [1,3] now", "inner.rate: nothing before, 2.5 now",
        ]));

    [Test]
    public void EqualOnesDifferInNothing() => Assert.That(
        JsonDifferences.Between(new Inner([1], 1), new Inner([1], 1)), Is.Empty);

    private sealed record Outer(int Number, string Text, Inner Inner);

    private sealed record Inner(int[] List, double? Rate);
}
