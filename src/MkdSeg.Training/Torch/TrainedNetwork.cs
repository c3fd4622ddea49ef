using MkdSeg.Training.Losses;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>A network in its role in a method: parameters, optimizer, and the ways in which a step runs it.</summary>
internal sealed class TrainedNetwork : ICheckpointed, IDisposable
{
    private readonly TorchNetwork _network;
    private readonly TorchNetwork? _assistantNetwork;
    private readonly Adam _optimizer;

    public TrainedNetwork(
        string role,
        NetworkGraph graph,
        Weights weights,
        AdamOptions adam,
        Device device,
        NetworkGraph? assistantGraph = null,
        Precision precision = Precision.Fp32)
    {
        Role = role;
        Parameters = new(assistantGraph is null ? graph.Parameters : ParameterSpec.Union(graph, assistantGraph), weights, device);
        _network = new(graph, Parameters, precision) { Name = role };
        _assistantNetwork = assistantGraph is null ? null : new(assistantGraph, Parameters, precision) { Name = role };
        _optimizer = new(Parameters.Values, Parameters.Gradients, adam);
    }

    public string Role { get; }
    public NetworkGraph Graph => _network.Graph;
    public ParameterSet Parameters { get; }

    /// <summary>Whether the network is needed only in training and left out of bundles.</summary>
    public bool ServesTrainingAlone { get; init; }

    /// <summary>Raised after every update, before the gradient is cleared for the next one.</summary>
    public event Action? Updated;

    /// <summary>Stops gradients of the networks' parameters until the result is disposed of.</summary>
    public static IDisposable Freeze(params TrainedNetwork[] networks)
    {
        Set(false);
        return new Undo(() => Set(true));

        void Set(bool requiresGradient)
        {
            foreach (var network in networks)
                network.Parameters.RequiresGradient = requiresGradient;
        }
    }

    public Tensor Forward(Tensor x, NormStatistics statistics = NormStatistics.Updated) =>
        _network.Forward(x, statistics);

    /// <summary>Runs the assistant modality's version of the network on (N, C, H, W).</summary>
    public Tensor ForwardAssistant(Tensor x) => (_assistantNetwork ?? _network).Forward(x);

    /// <summary>Runs the network on two batches; as one batch, if its layers treat samples independently.</summary>
    public (Tensor First, Tensor Second) ForwardBoth(Tensor first, Tensor second)
    {
        if (!_network.TreatsSamplesAlone)
            return (Forward(first), Forward(second));

        var both = Forward(cat([first, second]));
        var count = first.shape[0];
        return (both.narrow(0, 0, count), both.narrow(0, count, second.shape[0]));
    }

    /// <summary>Runs the network, keeping nothing for gradients and leaving running statistics unchanged.</summary>
    public Tensor ForwardWithoutGradient(Tensor x)
    {
        using var noGrad = no_grad();
        return Forward(x, NormStatistics.Untouched);
    }

    /// <summary>Returns a segmentor's prediction for (N, C, H, W).</summary>
    public Prediction Predict(Tensor x, NormStatistics statistics = NormStatistics.Updated) =>
        Prediction.FromLogits(Forward(x, statistics));

    /// <summary>Returns a segmentor's predictions for two batches, see <see cref="ForwardBoth"/>.</summary>
    public (Prediction First, Prediction Second) PredictBoth(Tensor first, Tensor second)
    {
        var (logitsOfFirst, logitsOfSecond) = ForwardBoth(first, second);
        return (Prediction.FromLogits(logitsOfFirst), Prediction.FromLogits(logitsOfSecond));
    }

    /// <summary>Returns a segmentor's prediction as a teacher, see <see cref="ForwardWithoutGradient"/>.</summary>
    public Prediction PredictWithoutGradient(Tensor x)
    {
        using var noGrad = no_grad();
        return Predict(x, NormStatistics.Untouched);
    }

    /// <summary>Moves the parameters by one step against the gradient of a loss.</summary>
    public void Update(Tensor loss, double learningRate)
    {
        Parameters.Gradients.zero_();
        loss.backward();
        _optimizer.Step(learningRate);
        Updated?.Invoke();
    }

    /// <summary>Resets the optimizer, for a new stage of training.</summary>
    public void RestartOptimizer() => _optimizer.Restart();

    public void Save(CheckpointWriter writer)
    {
        RequireFinite();
        Parameters.Save(writer.Within("parameters"));
        _optimizer.Save(writer.Within("adam"));
    }

    public void Load(CheckpointReader reader)
    {
        Parameters.Load(reader.Within("parameters"));
        _optimizer.Load(reader.Within("adam"));
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        Parameters.Dispose();
    }

    // A loss reveals broken weights only one iteration later, and a checkpoint must not store them.
    private void RequireFinite()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (!float.IsFinite(Parameters.Values.abs().max().item<float>()))
        {
            throw new UserErrorException(
                $"Training stopped: weights of network {Role} contain NaN or infinity; resume from the last checkpoint "
                + "with a lower learning rate, or use another seed.");
        }
    }
}

/// <summary>Reverts a change when it is disposed of.</summary>
internal sealed class Undo(Action action) : IDisposable
{
    public void Dispose() => action();
}
