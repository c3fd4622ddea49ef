using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// What a segmentor says about a batch: log p and p = softmax(S(x)), both (N, K, H, W), computed once for every loss that
/// reads them.
/// </summary>
public sealed class Prediction
{
    private Prediction(Tensor logP, Tensor p)
    {
        LogP = logP;
        P = p;
    }

    /// <summary>log p, (N, K, H, W).</summary>
    public Tensor LogP { get; }

    /// <summary>p, (N, K, H, W); sums to 1 over K.</summary>
    public Tensor P { get; }

    /// <summary>The prediction for logits of shape (N, K, H, W).</summary>
    public static Prediction FromLogits(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var logP = logits.log_softmax(1);
        return new(logP, logP.exp());
    }

}
