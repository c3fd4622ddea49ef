using MkdSeg.Common;
using MkdSeg.Metrics.Internals;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics.Internals;

public class DistanceTransformTests
{
    private static readonly bool[] One = [false, true];

    [TestCase(1, 1, 1)]
    [TestCase(37, 1, 1)]
    [TestCase(1, 1, 23)]
    [TestCase(19, 18, 13)]
    public void IsTheLeastDistanceToAnyMember(int x, int y, int z)
    {
        var size = new GridSize(x, y, z);
        Vector3D spacing = new(0.7, 1.3, 2.9);
        var random = new SeededRandom(5);
        var codes = new byte[size.VoxelCount];
        codes[^1] = 1;
        for (var i = 0; i < codes.Length / 50; i++)
            codes[random.NextInt(codes.Length)] = 1;
        var members = Enumerable.Range(0, codes.Length).Where(i => codes[i] == 1).Select(At).ToArray();

        var squared = new double[codes.Length];
        DistanceTransform.Squared(One, codes, size, spacing, squared);

        var expected = Enumerable.Range(0, codes.Length)
            .Select(i => members.Min(member => (At(i) - member).Dot(At(i) - member)));
        Assert.That(squared, Is.EqualTo(expected).Within(1e-9));

        Vector3D At(int i) =>
            new(i % x * spacing.X, i / x % y * spacing.Y, i / size.SliceLength * spacing.Z);
    }

    [Test]
    public void IsInfiniteWithoutMembers()
    {
        var squared = new double[60];
        DistanceTransform.Squared(One, new byte[60], new(5, 4, 3), new(1, 1, 1), squared);

        Assert.That(squared, Is.All.EqualTo(double.PositiveInfinity));
    }
}
