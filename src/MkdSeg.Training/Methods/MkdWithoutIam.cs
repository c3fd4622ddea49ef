using MkdSeg.Training.Torch;
using MkdSeg.Training.Methods.Modules;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Ablation of Table 2: MKD without the Image Alignment Module. There is no G and no D; S_syn learns from raw assistant
/// images, and teaches S_real on these.
/// </summary>
[TrainingMethod(
    "mkd-without-iam", "MKD without G and D: S_syn on raw assistant images.", "Li et al., AAAI 2020, Table 2")]
public sealed class MkdWithoutIam : ITrainingMethod
{
    /// <summary>The method with fresh networks.</summary>
    public MkdWithoutIam(NetworkFactory networks, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Distillation = new(networks, options.Mkd);
    }

    /// <summary>The mutual guidance of S_syn and S_real.</summary>
    public MutualDistillation Distillation { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainedNetwork> Networks => Distillation.Networks;

    /// <inheritdoc/>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();

        // steps 6 and 7 of Algorithm 1, x^a in the place of x^{a→t}
        var mkd = Distillation.Begin(x_a, y_a, x_t, y_t, rates, losses);
        mkd.UpdateS_syn();
        mkd.UpdateS_real();
        return losses;
    }
}
