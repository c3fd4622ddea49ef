using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Online Mutual Knowledge Distillation (Li, Yu, Wang and Heng, AAAI 2020), Algorithm 1. Every loss is evaluated with the
/// networks as they are when its update begins, exactly as the algorithm specifies.
/// </summary>
[TrainingMethod(
    "mkd",
    "S_syn on translated assistant images and S_real on target images teach each other online, Algorithm 1.",
    "Li et al., AAAI 2020",
    Translates = true)]
internal class MutualKnowledgeDistillation(NetworkFactory networks, MutualKnowledgeDistillationOptions options)
    : ITrainingMethod
{
    public MutualKnowledgeDistillation(NetworkFactory networks)
        : this(networks, networks.Options.Mkd)
    {
    }

    public ImageAlignment Alignment { get; } = new(networks, options);
    public MutualDistillation Distillation { get; } = new(networks, options);
    public IReadOnlyList<TrainedNetwork> Networks => [.. Alignment.Networks, .. Distillation.Networks];

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        // 1. sample (x^t, y^t), (x^a, y^a)
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

        // x^{a→t} from the updated G_a→t is a constant for the segmentors
        var mkd = Distillation.Begin(iam.X_at, y_a, x_t, y_t, rates, losses);

        // 6. update S_syn by L_seg^syn = L_sup^syn + λ²_kd L_kd^{r→s}
        mkd.UpdateS_syn();

        // 7. update S_real by L_seg^real = L_sup^real + λ¹_kd L_kd^{s→r}
        mkd.UpdateS_real();
        return losses;
    }

    public void Dispose()
    {
        Alignment.Dispose();
        Distillation.Dispose();
    }
}

/// <summary>The constants of Online Mutual Knowledge Distillation; the defaults are the paper's.</summary>
/// <param name="LambdaCycle">λ_cyc, the weight of L_cyc.</param>
/// <param name="LambdaKdReal">λ¹_kd, the weight of L_kd^{s→r} in L_seg^real.</param>
/// <param name="LambdaKdSyn">λ²_kd, the weight of L_kd^{r→s} in L_seg^syn.</param>
/// <param name="ImagePoolSize">Generated images kept for each discriminator.</param>
/// <param name="AdversarialForm">The form of L_adv.</param>
/// <param name="Temperature">T of both distillation terms; above 1 it softens both predictions (Hinton et al. 2015).</param>
public sealed record MutualKnowledgeDistillationOptions(
    double LambdaCycle = 10,
    double LambdaKdReal = 0.5,
    double LambdaKdSyn = 1,
    int ImagePoolSize = 50,
    AdversarialForm AdversarialForm = AdversarialForm.LeastSquares,
    double Temperature = 1);
