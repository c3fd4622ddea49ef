using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Methods;

/// <summary>What the modalities share in the methods whose segmentor differs between them.</summary>
public class SharedLayerTests
{
    private const string Own = ".assistant.";

    private static readonly TrainingOptions Options = TinyTraining.Options with
    {
        Segmentor = new() { Filters = [4, 4, 8, 8], Strides = [1, 2, 2, 2] },
    };

    [Test]
    public void The_x_shape_shares_the_middle_alone()
    {
        using var method = new XShape(TinyTraining.Networks(Options));

        var own = Layers(method.S.Parameters.ToWeights().Arrays.Select(array => array.Name).Where(name => name.Contains(Own)));

        Assert.That(own, Is.EquivalentTo(["encode0", "encode1", "decode1", "decode0", "classify"]));
    }

    [Test]
    public void Ummkd_shares_all_kernels()
    {
        using var method = new Ummkd(TinyTraining.Networks(Options));
        var names = method.S.Parameters.ToWeights().Arrays.Select(array => array.Name).ToList();

        Assert.That(names.Where(name => name.Contains(Own)), Has.All.Contain(".norm"));
        Assert.That(
            names.Count(name => name.Contains(Own)),
            Is.EqualTo(names.Count(name => name.Contains(".norm") && !name.Contains(Own))));
    }

    [Test]
    public void The_targets_half_starts_as_the_baseline_does()
    {
        using var baseline = new Baseline(TinyTraining.Networks(Options));
        using var method = new XShape(TinyTraining.Networks(Options));
        var weights = method.S.Parameters.ToWeights();

        Assert.That(
            weights.For(method.S.Graph).ComputeHash(), Is.EqualTo(baseline.S.Parameters.ToWeights().ComputeHash()));
    }

    private static IEnumerable<string> Layers(IEnumerable<string> parameters) =>
        parameters.Select(name => name.Split('.')[0]).Distinct();
}
