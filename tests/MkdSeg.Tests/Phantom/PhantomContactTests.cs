using MkdSeg.Phantom;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

/// <summary>Which structures touch in every person, which never do, and that none is torn.</summary>
/// <param name="variation">Whose people.</param>
/// <param name="contactShare">
/// Contact areas shrink with the heart and with coarser voxels: this share of the usual least one is enough.
/// </param>
[TestFixture(PhantomVariation.Default, 1.0)]
[TestFixture(PhantomVariation.Anatomy, 0.75)]
[TestFixture(PhantomVariation.Clinical, 0.15)]
public sealed class PhantomContactTests(PhantomVariation variation, double contactShare)
{
    [TestCase("MYO", "LV", 600)]
    [TestCase("MYO", "RV", 150)]
    [TestCase("MYO", "LA", 30)]
    [TestCase("LA", "LV", 40)]
    [TestCase("LV", "AA", 30)]
    [TestCase("RA", "RV", 50)]
    [TestCase("RV", "PA", 30)]
    public void StructuresTouchInEveryPerson(string one, string other, int leastFaces)
    {
        var contacts = Contacts(one, other);
        Assert.That(contacts, Is.All.GreaterThanOrEqualTo(contactShare * leastFaces), string.Join(' ', contacts));
    }

    [Test]
    public void The_right_atrium_lies_on_the_aortic_root()
    {
        var contacts = Contacts("RA", "AA");
        // Fat may come between them in one of ten clinical hearts.
        var share = variation == PhantomVariation.Clinical ? 0.85 : 1;
        var touching = contacts.Count(faces => faces > 2) / (double)contacts.Length;
        Assert.That(touching, Is.AtLeast(share), string.Join(' ', contacts));
    }

    [Test]
    public void Every_structure_is_in_one_piece()
    {
        foreach (var person in CoarsePeople.Of(variation))
        {
            for (byte label = 1; label < CoarsePeople.ClassCount; label++)
            {
                var name = $"{CoarsePeople.Names[label]} of {person.Seed}";
                Assert.That(LargestPiece(person.Labels, label), Is.GreaterThan(0.97), name);
            }
        }
    }

    [TestCase("LV", "RV")]
    [TestCase("LV", "RA")]
    [TestCase("LV", "PA")]
    [TestCase("LA", "PA")]
    [TestCase("LA", "AA")]
    [TestCase("LA", "RV")]
    public void WallsKeepStructuresApartInEveryPerson(string one, string other) =>
        Assert.That(Contacts(one, other), Is.All.EqualTo(0));

    [Test]
    public void LeftVentricleIsEnclosedByMyocardiumButForItsTwoValves()
    {
        foreach (var person in CoarsePeople.Of(variation))
        {
            var faces = Enumerable.Range(0, CoarsePeople.ClassCount)
                .Select(other => person.Contacts[CoarsePeople.IndexOf("LV"), other]).ToArray();
            Assert.That(faces[0], Is.Zero, "faces to the background");
            var myocardium = faces[CoarsePeople.IndexOf("MYO")] / (double)faces.Sum();
            Assert.That(myocardium, Is.InRange(0.75, 0.95));
        }
    }

    private int[] Contacts(string one, string other) =>
        [.. CoarsePeople.Of(variation).Select(p => p.Contacts[CoarsePeople.IndexOf(one), CoarsePeople.IndexOf(other)])];

    /// <summary>The share of a structure's voxels that its largest piece holds; pieces are connected by faces.</summary>
    private static double LargestPiece(Volume<byte> labels, byte label)
    {
        var size = labels.Grid.Size;
        int[] steps = [1, -1, size.X, -size.X, size.SliceLength, -size.SliceLength];
        var left = labels.Voxels.Select(value => value == label).ToArray();
        var (all, largest) = (left.Count(wanted => wanted), 0);
        var open = new Stack<int>();
        for (var start = 0; start < left.Length; start++)
        {
            var count = 0;
            Visit(start);
            while (open.TryPop(out var at))
            {
                count++;
                foreach (var step in steps) // a margin of background lies around the heart
                    Visit(at + step);
            }

            largest = Math.Max(largest, count);
        }

        return (double)largest / all;

        void Visit(int at)
        {
            if (!left[at])
                return;
            left[at] = false;
            open.Push(at);
        }
    }
}
