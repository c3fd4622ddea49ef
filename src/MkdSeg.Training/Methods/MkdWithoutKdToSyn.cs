using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Methods;

/// <summary>Ablation of Table 2: MKD without L_kd^{r→s}. S_syn learns from synthetic images alone.</summary>
/// <param name="networks">Makes the networks.</param>
/// <param name="options">The training's options; λ²_kd is taken as 0.</param>
[TrainingMethod(
    "mkd-without-kd-to-syn",
    "MKD without L_kd of S_real to S_syn.",
    "Li et al., AAAI 2020, Table 2",
    Translates = true)]
public sealed class MkdWithoutKdToSyn(NetworkFactory networks, TrainingOptions options)
    : MutualKnowledgeDistillation(networks, options with { Mkd = options.Mkd with { LambdaKdSyn = 0 } });
