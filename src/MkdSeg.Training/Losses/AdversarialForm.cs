namespace MkdSeg.Training.Losses;

/// <summary>How L_adv (1), (2) is written.</summary>
public enum AdversarialForm
{
    /// <summary>Squared distance of D's answer to 1 (real) or 0 (generated): the CycleGAN setting.</summary>
    LeastSquares,

    /// <summary>The logarithms of equation (1), D's answer taken as a logit; G uses the non-saturating −log D.</summary>
    Log,
}
