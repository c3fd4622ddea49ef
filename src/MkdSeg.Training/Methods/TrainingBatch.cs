using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// One iteration's samples: target images x^t and assistant images x^a, both (N, C, H, W) in [-1, 1], with their one-hot
/// annotations y^t and y^a, (N, K, H, W). The two halves are unpaired; methods that need no assistant get none.
/// </summary>
/// <param name="X_t">Target images.</param>
/// <param name="Y_t">Target annotations.</param>
/// <param name="X_a">Assistant images.</param>
/// <param name="Y_a">Assistant annotations.</param>
public sealed record TrainingBatch(Tensor X_t, Tensor Y_t, Tensor? X_a, Tensor? Y_a)
{
    /// <summary>All four tensors.</summary>
    /// <exception cref="InvalidOperationException">There are no assistant samples.</exception>
    public (Tensor X_t, Tensor Y_t, Tensor X_a, Tensor Y_a) BothModalities() => X_a is null || Y_a is null
        ? throw new InvalidOperationException("The method needs samples of the assistant modality, and there are none.")
        : (X_t, Y_t, X_a, Y_a);
}
