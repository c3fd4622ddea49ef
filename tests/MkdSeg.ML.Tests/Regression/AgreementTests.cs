using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.ML.Catalog;
using MkdSeg.Metrics;
using MkdSeg.Phantom;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Regression;

/// <summary>Whether the agreement of the segmentors, which needs no annotation, tells good cases from bad ones.</summary>
public class AgreementTests
{
    private const int People = 9;
    private const int Grades = 5;

    // Training used seed 77; other tests of the bundle use another one.
    private const ulong UnseenSeed = 20261122;

    /// <summary>
    /// Phantom CT of graded difficulty: with each grade a fifth of the contrast agent is gone and there are 25 HU more noise.
    /// </summary>
    [Test]
    public void Agreement_falls_with_Dice_on_cases_of_graded_difficulty()
    {
        var context = new MLContext();
        var model = context.Segmentation().LoadModel(
            Repository.File("onnx/phantom-ct"),
            new()
            {
                PathColumnName = null,
                Crop = CropRule.Label,
                Inference = new() { Device = "cpu", Threads = 1 },
            });
        var engine = context.Model.CreatePredictionEngine<Case, Scored>(model);
        var cases = new List<(int Grade, double Agreement, double Dice)>();
        foreach (var person in Enumerable.Range(0, People))
        {
            var phantom = PhantomGenerator.Generate(new() { Seed = UnseenSeed + (ulong)person });
            foreach (var grade in Enumerable.Range(0, Grades))
            {
                var found = engine.Predict(new() { Volume = Degrade(phantom.Image, grade), Label = phantom.Classes });
                var dice = Dice.PerStructure(found.Mask, phantom.Classes, LabelSet.WholeHeart.ClassCount);
                cases.Add((grade, MeanOf(found.Agreement.Select(value => (double)value)), MeanOf(dice)));
            }
        }

        foreach (var grade in cases.GroupBy(found => found.Grade))
        {
            TestContext.Out.WriteLine(
                $"grade {grade.Key}: Dice {grade.Average(found => found.Dice):0.000}, agreement "
                + $"{grade.Average(found => found.Agreement):0.000}");
        }

        double[] agreement = [.. cases.Select(found => found.Agreement)];
        double[] quality = [.. cases.Select(found => found.Dice)];
        var (pearson, spearman) = (Correlation(agreement, quality), Correlation(Ranks(agreement), Ranks(quality)));
        TestContext.Out.WriteLine(
            $"{cases.Count} phantom CT: correlation of agreement and Dice {pearson:0.000} (Pearson), {spearman:0.000} (Spearman)");
        Assert.That(cases, Has.Count.GreaterThanOrEqualTo(40));
        Assert.That(quality.Max() - quality.Min(), Is.GreaterThan(0.1), "the grades differ");
        Assert.That(pearson, Is.GreaterThan(0.9));
        Assert.That(spearman, Is.GreaterThan(0.9));
    }

    internal static Volume<float> Degrade(Volume<float> image, int grade)
    {
        const float softTissue = 40;
        var random = new SeededRandom(UnseenSeed + (ulong)grade);
        var result = new Volume<float>(image.Grid);
        for (var i = 0; i < result.Voxels.Length; i++)
        {
            var value = image.Voxels[i];
            var contrast = value > softTissue ? softTissue + ((value - softTissue) * (1 - (0.2f * grade))) : value;
            result.Voxels[i] = contrast + (25 * grade * (float)random.NextGaussian());
        }

        return result;
    }

    /// <summary>The mean over the structures that are there; a structure that nobody found agrees on nothing.</summary>
    private static double MeanOf(IEnumerable<double> values) => values.Average(value => double.IsNaN(value) ? 0 : value);

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    private static double[] Ranks(double[] values)
    {
        var sorted = values.Order().ToArray();
        return [.. values.Select(value => (double)Array.IndexOf(sorted, value))];
    }

    private sealed class Case
    {
        public Volume<float> Volume { get; set; } = null!;

        public Volume<byte> Label { get; set; } = null!;
    }

    private sealed class Scored
    {
        public Volume<byte> Mask { get; set; } = null!;

        [VectorType(7)]
        public float[] Agreement { get; set; } = [];
    }
}
