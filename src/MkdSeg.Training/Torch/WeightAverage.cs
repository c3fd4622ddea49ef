using MkdSeg.Training.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>
/// The exponential moving average of a network's parameters over its updates: a ← d·a + (1 − d)·w with d =
/// min(decay, (1 + n) / (10 + n)) after n updates, so that it does not lag behind the first ones (as in TensorFlow's
/// ExponentialMovingAverage). Training continues with the parameters themselves.
/// </summary>
internal sealed class WeightAverage : ICheckpointed, IDisposable
{
    private readonly TrainedNetwork _network;
    private readonly double _decay;
    private readonly Tensor _values;
    private long _updates;

    /// <summary>Creates an average that follows a network from now on.</summary>
    public WeightAverage(TrainedNetwork network, double decay)
    {
        (_network, _decay) = (network, decay);
        using var noGrad = no_grad();
        _values = network.Parameters.Values.detach().clone().DetachFromDisposeScope();
        network.Updated += Follow;
    }

    /// <summary>Replaces the parameters by the average until the result is disposed of.</summary>
    public IDisposable InPlace()
    {
        Exchange();
        return new Undo(Exchange);
    }

    public void Save(CheckpointWriter writer)
    {
        writer.Write("updates", _updates);
        writer.Write("values", _values);
    }

    public void Load(CheckpointReader reader)
    {
        _updates = reader.Read<long>("updates");
        reader.Read("values", _values);
    }

    public void Dispose()
    {
        _network.Updated -= Follow;
        _values.Dispose();
    }

    private void Follow()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _updates++;
        var decay = Math.Min(_decay, (1.0 + _updates) / (10.0 + _updates));
        _values.mul_((Scalar)decay).add_(_network.Parameters.Values.detach().mul((Scalar)(1 - decay)));
    }

    private void Exchange()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var parameters = _network.Parameters.Values.detach();
        var before = parameters.clone();
        parameters.copy_(_values);
        _values.copy_(before);
    }
}
