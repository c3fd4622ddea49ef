namespace MkdSeg.Training.Methods;

/// <summary>Ablation of Table 2: no G, no D; S_syn learns from raw assistant images and teaches S_real on them.</summary>
[TrainingMethod(
    "mkd-without-iam", "MKD without G and D: S_syn on raw assistant images.", "Li et al., AAAI 2020, Table 2")]
internal sealed class MkdWithoutIam(NetworkFactory networks) : ITrainingMethod
{
    public MutualDistillation Distillation { get; } = new(networks, networks.Options.Mkd);
    public IReadOnlyList<TrainedNetwork> Networks => Distillation.Networks;

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();

        // steps 6 and 7 of Algorithm 1, with x^a instead of x^{a→t}
        var mkd = Distillation.Begin(x_a, y_a, x_t, y_t, rates, losses);
        mkd.UpdateS_syn();
        mkd.UpdateS_real();
        return losses;
    }
}

/// <summary>Ablation of Table 2: MKD without L_kd^{s→r} (λ¹_kd = 0). S_real learns from target images alone.</summary>
[TrainingMethod(
    "mkd-without-kd-to-real",
    "MKD without L_kd from S_syn to S_real.",
    "Li et al., AAAI 2020, Table 2",
    Translates = true)]
internal sealed class MkdWithoutKdToReal(NetworkFactory networks)
    : MutualKnowledgeDistillation(networks, networks.Options.Mkd with { LambdaKdReal = 0 });

/// <summary>Ablation of Table 2: MKD without L_kd^{r→s} (λ²_kd = 0). S_syn learns from synthetic images alone.</summary>
[TrainingMethod(
    "mkd-without-kd-to-syn",
    "MKD without L_kd from S_real to S_syn.",
    "Li et al., AAAI 2020, Table 2",
    Translates = true)]
internal sealed class MkdWithoutKdToSyn(NetworkFactory networks)
    : MutualKnowledgeDistillation(networks, networks.Options.Mkd with { LambdaKdSyn = 0 });
