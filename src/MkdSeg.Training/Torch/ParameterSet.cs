using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>Parameters and buffers on a device; parameters are views of one vector, gradients of another.</summary>
internal sealed class ParameterSet : ICheckpointed, IDisposable
{
    // A multiple of 64 bytes, so that every view starts on a cache line, as a separate tensor would.
    private const long Alignment = 16;

    private readonly List<(ParameterSpec Spec, long Offset)> _layout = [];
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<Tensor> _leaves = [];

    /// <summary>Copies weights to a device; see <see cref="ParameterSpec.Union"/>.</summary>
    public ParameterSet(IReadOnlyList<ParameterSpec> specs, Weights weights, Device device)
    {
        Device = device;
        var length = 0L;
        foreach (var spec in specs.Where(spec => spec.Trainable))
        {
            _layout.Add((spec, length));
            length += (spec.Length + Alignment - 1) / Alignment * Alignment;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Values = zeros(length, device: device).DetachFromDisposeScope();
        Gradients = zeros_like(Values).DetachFromDisposeScope();
        foreach (var (spec, offset) in _layout)
        {
            var leaf = View(Values, spec, offset).DetachFromDisposeScope();
            leaf.copy_(tensor(weights[spec.Name].Values, spec.Shape));
            leaf.requires_grad = true;
            leaf.grad = View(Gradients, spec, offset);
            _tensors.Add(spec.Name, leaf);
            _leaves.Add(leaf);
        }

        foreach (var spec in specs.Where(spec => !spec.Trainable))
        {
            var buffer = tensor(weights[spec.Name].Values, spec.Shape, device: device).DetachFromDisposeScope();
            _tensors.Add(spec.Name, buffer);
        }
    }

    public Device Device { get; }

    /// <summary>All trainable values in one vector; the parameters are views of it.</summary>
    public Tensor Values { get; }

    public Tensor Gradients { get; }

    /// <summary>Number of trainable values, without the gaps between parameters.</summary>
    public long Count => _layout.Sum(entry => entry.Spec.Length);

    public Tensor this[string name] => _tensors[name];

    /// <summary>Whether passes through the network record what its parameters' gradients need.</summary>
    public bool RequiresGradient
    {
        get => _leaves.Count > 0 && _leaves[0].requires_grad;
        set
        {
            foreach (var leaf in _leaves)
                leaf.requires_grad = value;
        }
    }

    /// <summary>Copies all values off the device.</summary>
    public Weights ToWeights()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return new(_tensors.Select(pair =>
            new WeightArray(pair.Key, pair.Value.shape, pair.Value.detach().cpu().contiguous().data<float>().ToArray())));
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Write("flat_values", Values);
        foreach (var (name, buffer) in Buffers)
            writer.Write(name, buffer);
    }

    public void Load(CheckpointReader reader)
    {
        reader.Read("flat_values", Values);
        foreach (var (name, buffer) in Buffers)
            reader.Read(name, buffer);
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
            tensor.Dispose();

        Values.Dispose();
        Gradients.Dispose();
    }

    // Everything that is not a view of the vector: running statistics.
    private IEnumerable<KeyValuePair<string, Tensor>> Buffers =>
        _tensors.ExceptBy(_layout.Select(entry => entry.Spec.Name), pair => pair.Key);

    private static Tensor View(Tensor vector, ParameterSpec spec, long offset)
    {
        var part = vector.narrow(0, offset, spec.Length);
        return (ChannelsLast.Needs(spec.Shape) ? ChannelsLast.View(part, spec.Shape) : part.view(spec.Shape)).detach();
    }
}
