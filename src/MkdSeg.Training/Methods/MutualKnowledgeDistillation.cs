using MkdSeg.Training.Torch;
using MkdSeg.Training.Methods.Modules;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Online Mutual Knowledge Distillation (Li, Yu, Wang and Heng, AAAI 2020), Algorithm 1. Every loss is evaluated at the
/// networks as they stand when its update begins, exactly as the algorithm is written.
/// </summary>
[TrainingMethod(
    "mkd",
    "S_syn on translated assistant images and S_real on target images teach each other online, Algorithm 1.",
    "Li et al., AAAI 2020",
    Translates = true)]
public class MutualKnowledgeDistillation : ITrainingMethod
{
    /// <summary>The method with fresh networks.</summary>
    public MutualKnowledgeDistillation(NetworkFactory networks, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Alignment = new(networks, options.Mkd);
        Distillation = new(networks, options.Mkd);
    }

    /// <summary>The Image Alignment Module: G_a→t, G_t→a, D_t and D_a.</summary>
    public ImageAlignmentModule Alignment { get; }

    /// <summary>The mutual guidance of S_syn and S_real.</summary>
    public MutualDistillation Distillation { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainedNetwork> Networks => [.. Alignment.Networks, .. Distillation.Networks];

    /// <inheritdoc/>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        // 1. sample (x^t, y^t), (x^a, y^a)
        ArgumentNullException.ThrowIfNull(batch);
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();
        var iam = Alignment.Begin(x_t, x_a, rates, losses);

        // 2. update G_a→t by L_gan^{a→t} + L_sup^syn, with S_syn frozen
        iam.UpdateG_at(Distillation.S_syn, y_a);

        // 3. update D_t by L_adv^t
        iam.UpdateD_t();

        // 4. update G_t→a by L_gan^{t→a}
        iam.UpdateG_ta();

        // 5. update D_a by L_adv^a
        iam.UpdateD_a();

        // x^{a→t} of the updated G_a→t is a constant for the segmentors
        var mkd = Distillation.Begin(iam.X_at, y_a, x_t, y_t, rates, losses);

        // 6. update S_syn by L_seg^syn = L_sup^syn + λ²_kd L_kd^{r→s}
        mkd.UpdateS_syn();

        // 7. update S_real by L_seg^real = L_sup^real + λ¹_kd L_kd^{s→r}
        mkd.UpdateS_real();
        return losses;
    }

    /// <summary>Frees the networks and the replay pools.</summary>
    public void Dispose()
    {
        Alignment.Dispose();
        Distillation.Dispose();
        GC.SuppressFinalize(this);
    }
}
