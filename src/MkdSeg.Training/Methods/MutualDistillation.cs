using MkdSeg.Bundles;
using MkdSeg.Training.Losses;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// The mutual guidance of two segmentors: S_syn learns from annotated assistant images in the look of the target, S_real
/// from annotated target images, and each teaches the other on its own images. A term of weight 0 is not computed.
/// </summary>
internal sealed class MutualDistillation : IDisposable
{
    private readonly double λ1_kd;
    private readonly double λ2_kd;
    private readonly double T;

    public MutualDistillation(NetworkFactory networks, MutualKnowledgeDistillationOptions options)
    {
        (λ1_kd, λ2_kd, T) = (options.LambdaKdReal, options.LambdaKdSyn, options.Temperature);
        S_syn = networks.Segmentor(NetworkRoles.SSyn);
        S_real = networks.Segmentor(NetworkRoles.SReal);
    }

    public TrainedNetwork S_syn { get; }
    public TrainedNetwork S_real { get; }
    public IReadOnlyList<TrainedNetwork> Networks => [S_syn, S_real];

    /// <summary>Begins an iteration on assistant images in the look of the target, target images, and their annotations.</summary>
    public Iteration Begin(
        Tensor x_at, Tensor y_a, Tensor x_t, Tensor y_t, LearningRates rates, StepLosses losses) =>
        new(this, x_at, y_a, x_t, y_t, rates, losses);

    public void Dispose()
    {
        S_syn.Dispose();
        S_real.Dispose();
    }

    /// <summary>S_syn's update, then S_real's, whose unchanged forward pass serves both.</summary>
    public sealed class Iteration
    {
        private readonly MutualDistillation _pair;
        private readonly Tensor x_at;
        private readonly Tensor y_a;
        private readonly Tensor x_t;
        private readonly Tensor y_t;
        private readonly LearningRates _rates;
        private readonly StepLosses _losses;
        private readonly Prediction? p_real_at;
        private readonly Prediction p_real_t;

        internal Iteration(
            MutualDistillation pair,
            Tensor x_at,
            Tensor y_a,
            Tensor x_t,
            Tensor y_t,
            LearningRates rates,
            StepLosses losses)
        {
            (_pair, _rates, _losses) = (pair, rates, losses);
            (this.x_at, this.y_a, this.x_t, this.y_t) = (x_at, y_a, x_t, y_t);
            (p_real_at, p_real_t) = pair.λ1_kd == 0
                ? (null, pair.S_real.Predict(x_t))
                : pair.S_real.PredictBoth(x_at, x_t);
        }

        /// <summary>Updates S_syn by L_seg^syn = L_sup(y^a, p_syn^{a→t}) + λ²_kd L_kd^{r→s}(p_real^t, p_syn^t).</summary>
        public void UpdateS_syn()
        {
            var (S_syn, λ2_kd, T) = (_pair.S_syn, _pair.λ2_kd, _pair.T);
            var (p_syn_at, p_syn_t) = λ2_kd == 0 ? (S_syn.Predict(x_at), null) : S_syn.PredictBoth(x_at, x_t);
            var sup = SupervisedLoss.Compute(y_a, p_syn_at);
            var kd = p_syn_t is null ? null : DistillationLoss.Compute(teacher: p_real_t, student: p_syn_t, T);
            Update(S_syn, sup, "L_sup_syn", kd, λ2_kd, "L_kd_rs");
        }

        /// <summary>Updates S_real by L_seg^real = L_sup(y^t, p_real^t) + λ¹_kd L_kd^{s→r}(p_syn^{a→t}, p_real^{a→t}).</summary>
        public void UpdateS_real()
        {
            var (S_syn, S_real, λ1_kd, T) = (_pair.S_syn, _pair.S_real, _pair.λ1_kd, _pair.T);
            var sup = SupervisedLoss.Compute(y_t, p_real_t);
            var kd = p_real_at is null
                ? null
                : DistillationLoss.Compute(teacher: S_syn.PredictWithoutGradient(x_at), student: p_real_at, T);
            Update(S_real, sup, "L_sup_real", kd, λ1_kd, "L_kd_sr");
        }

        private void Update(TrainedNetwork s, Tensor sup, string supName, Tensor? kd, double λ_kd, string kdName)
        {
            s.Update(kd is null ? sup : sup + kd * λ_kd, _rates.Segmentor);
            _losses.Add(s.Role, supName, sup);
            if (kd is not null)
                _losses.Add(s.Role, kdName, kd);
        }
    }
}
