using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// L_kd (7) = L_ce(p_teacher, p_student). The teacher's prediction is a constant: no gradient reaches it. With a temperature
/// T other than 1, both are softened to softmax(logits / T) and the loss is multiplied by T², so that its gradients keep
/// their magnitude (Hinton et al. 2015).
/// </summary>
internal static class DistillationLoss
{
    /// <summary>The loss, a scalar; at T = 1 at least the teacher's entropy.</summary>
    public static Tensor Compute(Prediction teacher, Prediction student, double temperature = 1)
    {
        if (temperature == 1)
            return CrossEntropyLoss.Compute(teacher.P.detach(), student.LogP);
        var T = temperature;
        return CrossEntropyLoss.Compute(teacher.Softened(T).P.detach(), student.Softened(T).LogP) * (T * T);
    }
}
