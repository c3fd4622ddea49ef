namespace MkdSeg.Training.Methods;

/// <summary>
/// <see cref="JointTraining"/> with strong augmentation of shape and intensity instead of translation or distillation: the
/// idea of Thaler et al. 2025 (arXiv 2508.04552), who find that a network whose training images vary enough needs no help
/// to bridge the modalities. Only the principle follows that paper; <see cref="Data.AugmentationOptions.Strengthened"/>
/// defines what is varied. Network, loss and training are the same as in all comparisons here.
/// </summary>
[TrainingMethod(
    "joint-strong",
    "joint-training with strong augmentation of shape and intensity.",
    "Thaler et al., arXiv 2508.04552, 2025",
    StrongAugmentation = true)]
internal sealed class JointStrong(NetworkFactory networks) : JointTraining(networks);
