namespace MkdSeg.Training.Methods;

/// <summary>
/// <see cref="JointTraining"/> with strong augmentation of shape and intensity instead of translation or distillation: the
/// idea of Thaler et al. 2025 (arXiv 2508.04552), who find that a network whose training images vary enough needs no help
/// to bridge the modalities. Of that paper it is the principle, see <see cref="Data.AugmentationOptions.Strengthened"/> for
/// what is varied; network, loss and training are those of all comparisons here.
/// </summary>
[TrainingMethod(
    "joint-strong",
    "joint-training with strong augmentation of shape and intensity.",
    "Thaler et al., arXiv 2508.04552, 2025",
    StrongAugmentation = true)]
internal sealed class JointStrong(NetworkFactory networks) : JointTraining(networks);
