using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>The losses of one iteration, in the order in which they were computed.</summary>
internal sealed class StepLosses
{
    private readonly List<(string Network, string Name, Tensor Value)> _losses = [];

    public StepLosses()
    {
    }

    /// <summary>The losses of a step that updates one network.</summary>
    public StepLosses(string network, params (string Name, Tensor Value)[] losses) => Add(network, losses);

    /// <summary>Adds the loss that a network was updated with, or its parts, see <see cref="LossValue"/>.</summary>
    public void Add(string network, params (string Name, Tensor Value)[] losses) =>
        _losses.AddRange(losses.Select(loss => (network, loss.Name, loss.Value.detach())));

    /// <summary>Reads all values in one transfer, which waits for the device.</summary>
    public IReadOnlyList<LossValue> Read()
    {
        if (_losses.Count == 0)
            return [];

        using var scope = NewDisposeScope();
        var values = stack(_losses.Select(loss => loss.Value)).cpu().data<float>().ToArray();
        return [.. _losses.Zip(values, (loss, value) => new LossValue(loss.Network, loss.Name, value))];
    }
}

/// <summary>One loss of one iteration: its network's role and its symbol in ASCII, such as L_cyc_at.</summary>
internal readonly record struct LossValue(string Network, string Name, float Value);
