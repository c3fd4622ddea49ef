using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Methods;

/// <summary>What holds for every method; a new one is taken up by its attribute.</summary>
public class EveryMethodTests
{
    private static readonly LearningRates Rates = new(1e-3, 1e-3);

    // The networks that a step updates, in order, stage by stage: the papers' methods, others may stay out.
    private static readonly Dictionary<string, string[][]> Updates = new()
    {
        ["baseline"] = [["S_real"]],
        ["fine-tune"] = [["S_real"], ["S_real"]],
        ["joint-training"] = [["S_real"]],
        ["joint-strong"] = [["S_real"]],
        ["x-shape"] = [["S_real"]],
        ["ummkd"] = [["S_real"]],
        ["jiang"] = [["G_a→t", "D_t", "G_t→a", "D_a"], ["S_real"]],
        ["zhang"] = [["G_a→t", "D_t", "G_t→a", "D_a", "S_real", "S_a"]],
        ["zhang-ensemble"] = [["G_a→t", "D_t", "G_t→a", "D_a", "S_real", "S_2", "S_a"]],
        ["mkd"] = [["G_a→t", "D_t", "G_t→a", "D_a", "S_syn", "S_real"]],
        ["mkd-without-iam"] = [["S_syn", "S_real"]],
        ["mkd-without-kd-to-real"] = [["G_a→t", "D_t", "G_t→a", "D_a", "S_syn", "S_real"]],
        ["mkd-without-kd-to-syn"] = [["G_a→t", "D_t", "G_t→a", "D_a", "S_syn", "S_real"]],
    };

    private static readonly string[] Names = [.. TrainingMethods.All.Select(method => method.Name)];

    [TestCaseSource(nameof(Names))]
    public void Each_update_reaches_its_own_network_and_no_other(string name)
    {
        using var scope = NewDisposeScope();
        using var method = TinyTraining.Method(name);
        var order = new List<string>();
        var before = method.Networks.ToDictionary(network => network.Role, Hash);
        foreach (var network in method.Networks)
        {
            network.Updated += () =>
            {
                order.Add(network.Role);
                foreach (var other in method.Networks)
                {
                    var (isOwn, text) = (other == network, $"{other.Role} in the update of {network.Role}");
                    Assert.That(Hash(other) != before[other.Role], Is.EqualTo(isOwn), $"weights of {text}");
                    Assert.That(GradientNorm(other) > 0, Is.EqualTo(isOwn), $"gradient of {text}");
                }

                before[network.Role] = Hash(network);
                network.Parameters.Gradients.zero_();
            };
        }

        var updates = method.Stages.Select(stage =>
        {
            order.Clear();
            stage.Step(TinyTraining.Batch(), Rates);
            Assert.That(method.Networks.Select(Hash), Is.EqualTo(before.Values), "weights changed outside an update");
            return order.ToArray();
        }).ToArray();

        if (Updates.TryGetValue(name, out var expected))
        {
            Assert.That(updates, Is.EqualTo(expected));
        }

        Assert.That(method.Networks.Select(network => network.Parameters.RequiresGradient), Has.All.True, "left frozen");
    }

    [TestCaseSource(nameof(Names))]
    public void Every_parameter_of_every_network_learns(string name)
    {
        using var scope = NewDisposeScope();
        using var method = TinyTraining.Method(name);
        var before = method.Networks.ToDictionary(network => network.Role, network => network.Parameters.ToWeights());

        foreach (var stage in method.Stages)
        {
            for (var i = 0; i < 3; i++)
            {
                stage.Step(TinyTraining.Batch(), Rates);
            }
        }

        foreach (var network in method.Networks)
        {
            var after = network.Parameters.ToWeights();
            foreach (var array in before[network.Role].Arrays)
            {
                Assert.That(
                    after[array.Name].Values.AsSpan().SequenceEqual(array.Values),
                    Is.False,
                    $"{network.Role}: {array.Name} stayed");
            }
        }
    }

    [Test]
    public void The_segmentation_losses_of_every_stage_fall(
        [ValueSource(nameof(Names))] string name, [Values] Precision precision)
    {
        var options = TinyTraining.Options with { Iterations = 30, Precision = precision };
        using var method = TinyTraining.Method(name, options);
        var trainer = TinyTraining.Trainer(method, options);

        foreach (var stage in method.Stages)
        {
            var rows = Enumerable.Range(0, options.Iterations).Select(_ => trainer.Step()).ToArray();
            foreach (var loss in rows[0].Select(loss => loss.Name).Where(IsOfSegmentorOrCycle))
            {
                float Mean(IEnumerable<IReadOnlyList<LossValue>> some) =>
                    some.Average(row => row.Single(value => value.Name == loss).Value);
                Assert.That(Mean(rows[^8..]), Is.LessThan(0.85 * Mean(rows[..4])), $"{stage.Name}: {loss}");
            }
        }
    }

    // L_sup_at and L_sup_ta, by which G keeps shapes, start wherever an untrained S is.
    private static bool IsOfSegmentorOrCycle(string loss) =>
        loss.StartsWith("L_cyc") || (loss.StartsWith("L_sup") && loss is not ("L_sup_at" or "L_sup_ta"));

    private static string Hash(TrainedNetwork network) => network.Parameters.ToWeights().ComputeHash();

    private static float GradientNorm(TrainedNetwork network)
    {
        using var scope = NewDisposeScope();
        return network.Parameters.Gradients.abs().sum().item<float>();
    }
}
