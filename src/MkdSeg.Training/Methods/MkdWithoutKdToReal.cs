using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Methods;

/// <summary>Ablation of Table 2: MKD without L_kd^{s→r}. S_real learns from target images alone.</summary>
/// <param name="networks">Makes the networks.</param>
/// <param name="options">The training's options; λ¹_kd is taken as 0.</param>
[TrainingMethod(
    "mkd-without-kd-to-real",
    "MKD without L_kd of S_syn to S_real.",
    "Li et al., AAAI 2020, Table 2",
    Translates = true)]
public sealed class MkdWithoutKdToReal(NetworkFactory networks, TrainingOptions options)
    : MutualKnowledgeDistillation(networks, options with { Mkd = options.Mkd with { LambdaKdReal = 0 } });
