using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>L_kd (7) = L_ce(p_teacher, p_student). The teacher's prediction is a constant: no gradient reaches it.</summary>
public static class DistillationLoss
{
    /// <summary>The loss, a scalar ≥ the teacher's entropy.</summary>
    public static Tensor Compute(Prediction teacher, Prediction student)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(student);
        return CrossEntropyLoss.Compute(teacher.P.detach(), student.LogP);
    }
}
