using MkdSeg.Training.Losses;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// The mutual guidance of two segmentors: S_syn learns from annotated assistant images with the target's appearance, S_real
/// from annotated target images, and each teaches the other on its own images. A term of weight 0 is not computed.
/// </summary>
internal sealed class MutualDistillation(NetworkFactory networks, MutualKnowledgeDistillationOptions options)
    : IDisposable
{
    private readonly double λ1_kd = options.LambdaKdReal;
    private readonly double λ2_kd = options.LambdaKdSyn;
    private readonly double T = options.Temperature;

    public TrainedNetwork S_syn { get; } = networks.Segmentor(NetworkRoles.SSyn);
    public TrainedNetwork S_real { get; } = networks.Segmentor(NetworkRoles.SReal);
    public IReadOnlyList<TrainedNetwork> Networks => [S_syn, S_real];

    /// <summary>
    /// Begins an iteration on assistant images with the target's appearance, target images, and their annotations.
    /// </summary>
    public Iteration Begin(
        Tensor x_at, Tensor y_a, Tensor x_t, Tensor y_t, LearningRates rates, StepLosses losses) =>
        new(this, x_at, y_a, x_t, y_t, rates, losses);

    public void Dispose()
    {
        S_syn.Dispose();
        S_real.Dispose();
    }

    /// <summary>S_syn's update, then S_real's; S_real's forward pass, unchanged in between, is used in both.</summary>
    public sealed class Iteration(
        MutualDistillation pair, Tensor x_at, Tensor y_a, Tensor x_t, Tensor y_t, LearningRates rates,
        StepLosses losses)
    {
        private readonly (Prediction? At, Prediction T) p_real = pair.λ1_kd == 0
            ? (null, pair.S_real.Predict(x_t))
            : pair.S_real.PredictBoth(x_at, x_t);

        /// <summary>Updates S_syn by L_seg^syn = L_sup(y^a, p_syn^{a→t}) + λ²_kd L_kd^{r→s}(p_real^t, p_syn^t).</summary>
        public void UpdateS_syn()
        {
            var (S_syn, λ2_kd, T) = (pair.S_syn, pair.λ2_kd, pair.T);
            var (p_syn_at, p_syn_t) = λ2_kd == 0 ? (S_syn.Predict(x_at), null) : S_syn.PredictBoth(x_at, x_t);
            var sup = SupervisedLoss.Compute(y_a, p_syn_at);
            var kd = p_syn_t is null ? null : DistillationLoss.Compute(teacher: p_real.T, student: p_syn_t, T);
            Update(S_syn, sup, "L_sup_syn", kd, λ2_kd, "L_kd_rs");
        }

        /// <summary>Updates S_real by L_seg^real = L_sup(y^t, p_real^t) + λ¹_kd L_kd^{s→r}(p_syn^{a→t}, p_real^{a→t}).</summary>
        public void UpdateS_real()
        {
            var (S_syn, S_real, λ1_kd, T) = (pair.S_syn, pair.S_real, pair.λ1_kd, pair.T);
            var sup = SupervisedLoss.Compute(y_t, p_real.T);
            var kd = p_real.At is null
                ? null
                : DistillationLoss.Compute(teacher: S_syn.PredictWithoutGradient(x_at), student: p_real.At, T);
            Update(S_real, sup, "L_sup_real", kd, λ1_kd, "L_kd_sr");
        }

        private void Update(TrainedNetwork s, Tensor sup, string supName, Tensor? kd, double λ_kd, string kdName)
        {
            s.Update(kd is null ? sup : sup + kd * λ_kd, rates.Segmentor);
            losses.Add(s.Role, (supName, sup));
            if (kd is not null)
                losses.Add(s.Role, (kdName, kd));
        }
    }
}
