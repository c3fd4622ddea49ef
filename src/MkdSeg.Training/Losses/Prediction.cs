using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>log p and p = softmax(S(x)), both (N, K, H, W), computed once for all losses that use them.</summary>
internal sealed record Prediction(Tensor LogP, Tensor P)
{
    public static Prediction FromLogits(Tensor logits)
    {
        var logP = logits.log_softmax(1);
        return new(logP, logP.exp());
    }

    /// <summary>softmax(logits / T). log p differs from the logits by a constant per pixel, which the softmax drops.</summary>
    public Prediction Softened(double T) => FromLogits(LogP / T);
}
