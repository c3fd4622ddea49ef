using MkdSeg.Training.Torch;
using MkdSeg.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods.Modules;

/// <summary>
/// One iteration of <see cref="MutualDistillation"/>: two updates, S_syn's first. S_real's forward pass serves as teacher in
/// the first and as student in the second, since S_real does not change in between.
/// </summary>
public sealed class MutualDistillationStep
{
    private readonly TrainedNetwork _s_syn;
    private readonly TrainedNetwork _s_real;
    private readonly double _λ1_kd;
    private readonly double _λ2_kd;
    private readonly Tensor _x_at;
    private readonly Tensor _y_a;
    private readonly Tensor _x_t;
    private readonly Tensor _y_t;
    private readonly LearningRates _rates;
    private readonly StepLosses _losses;
    private readonly Prediction? _p_real_at;
    private readonly Prediction _p_real_t;

    internal MutualDistillationStep(
        MutualDistillation pair,
        Tensor x_at,
        Tensor y_a,
        Tensor x_t,
        Tensor y_t,
        LearningRates rates,
        StepLosses losses)
    {
        (_s_syn, _s_real) = (pair.S_syn, pair.S_real);
        (_λ1_kd, _λ2_kd) = (pair.Options.LambdaKdReal, pair.Options.LambdaKdSyn);
        (_x_at, _y_a, _x_t, _y_t, _rates, _losses) = (x_at, y_a, x_t, y_t, rates, losses);
        (_p_real_at, _p_real_t) = _λ1_kd == 0 ? (null, _s_real.Predict(x_t)) : _s_real.PredictBoth(x_at, x_t);
    }

    /// <summary>Updates S_syn by L_seg^syn = L_sup(y^a, p_syn^{a→t}) + λ²_kd L_kd^{r→s}(p_real^t, p_syn^t).</summary>
    public void UpdateS_syn()
    {
        var (p_syn_at, p_syn_t) = _λ2_kd == 0 ? (_s_syn.Predict(_x_at), null) : _s_syn.PredictBoth(_x_at, _x_t);
        var sup = SupervisedLoss.Compute(_y_a, p_syn_at);
        var kd = p_syn_t is null ? null : DistillationLoss.Compute(teacher: _p_real_t, student: p_syn_t);
        Update(_s_syn, sup, "L_sup_syn", kd, _λ2_kd, "L_kd_rs");
    }

    /// <summary>Updates S_real by L_seg^real = L_sup(y^t, p_real^t) + λ¹_kd L_kd^{s→r}(p_syn^{a→t}, p_real^{a→t}).</summary>
    public void UpdateS_real()
    {
        var sup = SupervisedLoss.Compute(_y_t, _p_real_t);
        var kd = _p_real_at is null
            ? null
            : DistillationLoss.Compute(teacher: _s_syn.PredictWithoutGradient(_x_at), student: _p_real_at);
        Update(_s_real, sup, "L_sup_real", kd, _λ1_kd, "L_kd_sr");
    }

    private void Update(TrainedNetwork s, Tensor sup, string supName, Tensor? kd, double λ_kd, string kdName)
    {
        s.Update(kd is null ? sup : sup.add(kd.mul((Scalar)λ_kd)), _rates.Segmentor);
        _losses.Add(s.Role, supName, sup);
        if (kd is not null)
        {
            _losses.Add(s.Role, kdName, kd);
        }
    }
}
