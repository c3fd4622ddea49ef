using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Phantom;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

[TestFixture]
public sealed class PhantomDatasetTests
{
    private static readonly PhantomDatasetOptions Options = new() { Seed = 7, CtTrain = 1, MrTrain = 1, CtTest = 0 };

    private string _folder = "";

    [OneTimeSetUp]
    public void WriteOnce()
    {
        _folder = Path.Combine(Path.GetTempPath(), $"mkdseg-phantom-{Guid.NewGuid():N}");
        PhantomDataset.Write(_folder, Options);
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void FilesHoldWhatWasMadeOnItsGrid()
    {
        var manifest = VolumeManifest.Load(Path.Combine(_folder, PhantomDataset.ManifestFileName));
        Assert.That(manifest.FindProblems(checkHashes: true), Is.Empty);
        Assert.That(manifest.Cases.Select(c => c.Id), Is.EqualTo(new[] { "ct_train_1001", "mr_train_1001" }));
        foreach (var (id, request) in PhantomDataset.Cases(Options))
        {
            var entry = manifest.Case(id);
            var image = VolumeFile.ReadIntensities(manifest.ImagePath(entry));
            var label = VolumeFile.ReadLabels(manifest.LabelPath(entry)!);
            var classes = manifest.LabelSet.ToClasses(label, id);
            var made = PhantomGenerator.Generate(request);
            Assert.That(image.Voxels.AsSpan().SequenceEqual(made.Image.Voxels), $"{id}: intensities");
            Assert.That(classes.Voxels.AsSpan().SequenceEqual(made.Classes.Voxels), $"{id}: labels");
            Assert.That(label.Voxels.Distinct().Order(), Is.EqualTo(new[] { 0, 205, 420, 500, 550, 600, 820, 850 }));
            Assert.That(Orientation.Of(image.Grid), Is.EqualTo(Orientation.Of(made.Image.Grid)));
            foreach (var index in new Vector3D[] { new(0, 0, 0), new(50, 40, 30) })
            {
                Assert.That((image.Grid.ToPoint(index) - made.Image.Grid.ToPoint(index)).Length, Is.LessThan(0.01));
                Assert.That((label.Grid.ToPoint(index) - made.Image.Grid.ToPoint(index)).Length, Is.LessThan(0.01));
            }
        }
    }

    [Test]
    public void GradesShareLabelsAndLoseContrastAndGainNoise()
    {
        var cases = PhantomDataset.Cases(new() { Seed = 7, CtTrain = 1, MrTrain = 0, CtTest = 1, Grades = 6 });
        Assert.That(
            cases.Select(item => item.CaseId),
            Is.EqualTo(new[] { "ct_train_1001" }.Concat(Enumerable.Range(0, 6).Select(grade => $"ct_test_2001g{grade}"))));
        var drawn = PhantomGenerator.Generate(cases[1].Request);
        Assert.That(
            PhantomDataset.Cases(new() { Seed = 7, CtTrain = 0, MrTrain = 0, CtTest = 1 })[0].Request,
            Is.EqualTo(cases[1].Request),
            "the first grade is the case without grades");
        foreach (var grade in (int[])[2, 5])
        {
            var made = PhantomGenerator.Generate(cases[1 + grade].Request);
            Assert.That(made.Classes.Voxels, Is.EqualTo(drawn.Classes.Voxels));
            var kept = 1 - (grade / 5.0);
            double[] added =
            [
                .. made.Image.Voxels.Zip(drawn.Image.Voxels, (hard, easy) => hard - (easy > 40 ? 40 + ((easy - 40) * kept) : easy)),
            ];
            Assert.That(added.Average(), Is.EqualTo(0).Within(1));
            Assert.That(Math.Sqrt(added.Average(value => value * value)), Is.EqualTo(25 * grade).Within(1));
        }

        Assert.That(
            () => PhantomDataset.Cases(new() { Grades = 7 }), Throws.TypeOf<UserErrorException>().With.Message.Contain("run from 0 to 5"));
        Assert.That(
            PhantomDataset.Cases(new() { MrTrain = 1, Grade = 4 }).Select(item => item.Request.Grade).Distinct(),
            Is.EqualTo(new[] { 4, 0 }), "CT and MR");
    }

    [Test]
    public void CompleteFilesStayAndDamagedOnesAreMadeAnew()
    {
        var image = Path.Combine(_folder, "ct_train", "ct_train_1001_image.nii.gz");
        var before = File.ReadAllBytes(image);
        File.WriteAllText(image, "damaged");
        var reports = new List<WorkProgress>();
        PhantomDataset.Write(_folder, Options, new Collecting(reports));
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(image), Is.EqualTo(before));
            Assert.That(
                reports.Select(r => r.Detail), Is.EquivalentTo(new[] { "ct_train_1001", "mr_train_1001 already exists" }));
            Assert.That(reports.Select(r => r.Done), Is.EqualTo(new[] { 1, 2 }));
        });
    }

    [Test]
    public void LargerDataSetsHoldTheSmallerOnesAndPeopleAreDifferent()
    {
        var small = PhantomDataset.Cases(new() { Seed = 7 });
        var large = PhantomDataset.Cases(new() { Seed = 7, CtTrain = 20, CtTest = 30, MrTest = 5 });
        Assert.Multiple(() =>
        {
            Assert.That(small, Has.Count.EqualTo(34));
            Assert.That(small, Is.SubsetOf(large));
            Assert.That(large.Select(c => c.Request.Seed).Distinct().Count(), Is.EqualTo(large.Count));
            Assert.That(large.Select(c => c.CaseId), Does.Contain("ct_test_2030"));
        });
    }

    [Test]
    public void ThickSlicesAreTransverseAndDoNotChangeThePersonOrOtherStamps()
    {
        var cases = PhantomDataset.Cases(Options with { MrTrain = 3, SliceThicknessMm = 9 });
        foreach (var (id, request) in cases)
        {
            var (thick, usual) =
                (PhantomGenerator.Generate(request), PhantomGenerator.Generate(request with { SliceThicknessMm = null }));
            var grid = Orientation.Reorient(thick.Image.Grid, "LPS");
            Assert.That(grid.SpacingMm.Z, Is.EqualTo(9), id);
            Assert.That(grid.Size.Z, Is.InRange(17, 26), id);
            Assert.That(Millilitres(thick.Classes), Is.EqualTo(Millilitres(usual.Classes)).Within(8).Percent, id);
        }

        // A null is not written, so that volumes of earlier versions are found complete.
        Assert.That(StrictJson.Format(new PhantomRequest()), Does.Not.Contain("thickness").IgnoreCase);

        static double Millilitres(Volume<byte> classes)
        {
            var spacing = classes.Grid.SpacingMm;
            return classes.Voxels.Count(value => value > 0) * spacing.X * spacing.Y * spacing.Z / 1000;
        }
    }

    [TestCase(0)]
    [TestCase(-9)]
    [TestCase(double.NaN)]
    public void SlicesWithoutAThicknessAreRefused(double thickness) => Assert.That(
        () => PhantomDataset.Cases(Options with { SliceThicknessMm = thickness }),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("must be above 0"));

    [Test]
    public void NothingAndNegativeNumbersAreRefused()
    {
        Assert.That(
            () => PhantomDataset.Cases(new() { CtTrain = 0, MrTrain = 0, CtTest = 0 }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("empty"));
        Assert.That(
            () => PhantomDataset.Cases(new() { CtTrain = -1 }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("-1 volumes of ct_train"));
    }

    [Test]
    public void CancellationStopsTheWriting()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(
            () => PhantomDataset.Write(_folder, Options, null, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private sealed class Collecting(List<WorkProgress> reports) : IProgress<WorkEvent>
    {
        public void Report(WorkEvent value) => reports.Add((WorkProgress)value);
    }
}
