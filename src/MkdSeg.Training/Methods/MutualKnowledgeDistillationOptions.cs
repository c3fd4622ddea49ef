using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>The constants of <see cref="MutualKnowledgeDistillation"/>; the defaults are the paper's.</summary>
/// <param name="LambdaCycle">λ_cyc, the weight of L_cyc.</param>
/// <param name="LambdaKdReal">λ¹_kd, the weight of L_kd^{s→r} in L_seg^real.</param>
/// <param name="LambdaKdSyn">λ²_kd, the weight of L_kd^{r→s} in L_seg^syn.</param>
/// <param name="ReplayPoolSize">Generated images kept for each discriminator.</param>
/// <param name="AdversarialForm">How L_adv is written.</param>
public sealed record MutualKnowledgeDistillationOptions(
    double LambdaCycle = 10,
    double LambdaKdReal = 0.5,
    double LambdaKdSyn = 1,
    int ReplayPoolSize = 50,
    AdversarialForm AdversarialForm = AdversarialForm.LeastSquares);
