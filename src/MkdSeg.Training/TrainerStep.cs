using MkdSeg.Training.Methods;
using static TorchSharp.torch;

namespace MkdSeg.Training;

/// <summary>One iteration as those see it who watch.</summary>
internal sealed record TrainerStep(
    long Iteration,
    LearningRates Rates,
    IReadOnlyList<LossValue> Losses,
    Tensor TargetImages,
    Tensor? AssistantImages);
