using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>The losses of one iteration, in the order in which they were computed.</summary>
public sealed class StepLosses
{
    private readonly List<(string Network, string Name, Tensor Value)> _losses = [];

    /// <summary>Adds the loss that a network was updated by, or a part of it.</summary>
    /// <param name="network">The network's role.</param>
    /// <param name="name">The loss's symbol in ASCII, such as <c>L_cyc_at</c>: a column of metrics.csv.</param>
    /// <param name="value">A scalar.</param>
    public void Add(string network, string name, Tensor value) => _losses.Add((network, name, value.detach()));

    /// <summary>Reads the numbers, all at once: it waits for the device.</summary>
    public IReadOnlyList<LossValue> Read()
    {
        if (_losses.Count == 0)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        var values = stack(_losses.Select(loss => loss.Value)).cpu().data<float>().ToArray();
        return [.. _losses.Zip(values, (loss, value) => new LossValue(loss.Network, loss.Name, value))];
    }
}

/// <summary>One loss of one iteration.</summary>
/// <param name="Network">The role of the network it belongs to.</param>
/// <param name="Name">Its symbol in ASCII.</param>
/// <param name="Value">Its value; not finite when the training has broken down.</param>
public readonly record struct LossValue(string Network, string Name, float Value);
