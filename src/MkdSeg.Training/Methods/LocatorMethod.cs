using MkdSeg.Training.Losses;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>Finds the heart: a small U-Net on coarse slices and their neighbours, trained by L_sup.</summary>
internal sealed class LocatorMethod : ITrainingMethod
{
    public LocatorMethod(LocatorOptions options, ulong seed, Device device)
    {
        var graph = ResidualUNet.Describe(options.SizedNetwork);
        Network = new(NetworkRoles.Locator, graph, Weights.Initialize(seed, graph), AdamOptions.Segmentor, device);
    }

    public TrainedNetwork Network { get; }
    public IReadOnlyList<TrainedNetwork> Networks => [Network];
    public IReadOnlyList<TrainingStage> Stages => [new("locator", Step)];

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var sup = SupervisedLoss.Compute(batch.Y_t, Network.Predict(batch.X_t));
        Network.Update(sup, rates.Segmentor);
        return new(Network.Role, ("L_locator", sup));
    }
}
