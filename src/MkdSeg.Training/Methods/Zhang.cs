using MkdSeg.Training.Losses;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Online translation with shape consistency (Zhang, Yang and Zheng 2018): G, D and S are trained together. As in that paper,
/// each modality has a segmentor, S and S_a; both directions of translation must preserve the shapes that the frozen
/// segmentor of the other modality finds, and both segmentors learn from real and synthetic images of their modality. S_a
/// serves no other purpose. Differences from that paper, common to all comparisons: shape consistency also uses L_sup
/// (there cross-entropy, with the same weight 1), networks are 2-D, nothing is pretrained, and G and D are updated in the
/// order of Algorithm 1.
/// </summary>
[TrainingMethod(
    "zhang",
    "G, D and S together with shape consistency; S on real and synthetic target images.",
    "Zhang et al., CVPR 2018",
    Translates = true)]
internal class Zhang : ITrainingMethod
{
    public Zhang(NetworkFactory networks)
        : this(networks, NetworkRoles.SReal)
    {
    }

    private protected Zhang(NetworkFactory networks, params string[] roles)
    {
        Alignment = new(networks, networks.Options.Mkd);
        Segmentors = [.. roles.Select(networks.Segmentor)];
        S_a = networks.AssistantSegmentor("S_a");
    }

    public ImageAlignment Alignment { get; }

    /// <summary>The segmentors of the target modality, S first.</summary>
    public IReadOnlyList<TrainedNetwork> Segmentors { get; }

    /// <summary>S, the segmentor whose shapes G_a→t must preserve.</summary>
    public TrainedNetwork S => Segmentors[0];

    /// <summary>The segmentor of the assistant modality.</summary>
    public TrainedNetwork S_a { get; }

    public IReadOnlyList<TrainedNetwork> Networks => [.. Alignment.Networks, .. Segmentors, S_a];

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();
        var iam = Alignment.Begin(x_t, x_a, rates, losses);

        // G_a→t by L_gan^{a→t} + L_sup(y^a, S(x^{a→t})) with S frozen, G_t→a likewise with S_a
        iam.UpdateG_at(S, y_a);
        iam.UpdateD_t();
        iam.UpdateG_ta(S_a, y_t);
        iam.UpdateD_a();

        // every segmentor by L_sup on real images + L_sup on synthetic images of its modality
        foreach (var s in Segmentors)
            Update(s, (x_t, y_t), (iam.X_at, y_a), rates, losses);

        Update(S_a, (x_a, y_a), (iam.X_ta, y_t), rates, losses);
        return losses;
    }

    public void Dispose()
    {
        Alignment.Dispose();
        foreach (var s in Segmentors)
            s.Dispose();

        S_a.Dispose();
    }

    private void Update(
        TrainedNetwork s, (Tensor X, Tensor Y) real, (Tensor X, Tensor Y) synthetic, LearningRates rates,
        StepLosses losses)
    {
        var (p_real, p_syn) = s.PredictBoth(real.X, synthetic.X);
        var sup_real = SupervisedLoss.Compute(real.Y, p_real);
        var sup_syn = SupervisedLoss.Compute(synthetic.Y, p_syn);
        s.Update(sup_real + sup_syn, rates.Segmentor);
        var which = s == S ? "" : $"_of_{s.Role}";
        losses.Add(s.Role, ($"L_sup_real{which}", sup_real), ($"L_sup_syn{which}", sup_syn));
    }
}

/// <summary>
/// Zhang et al. with two segmentors, with which Li et al. compare to show that their gain is not merely that of an ensemble:
/// both learn from the same real and synthetic target images, starting from different initial weights, and their predictions
/// are averaged. G preserves only the first one's shapes, so the first one ends with exactly the weights that it has in
/// <see cref="Zhang"/>, and one run provides both rows of the table.
/// </summary>
[TrainingMethod(
    "zhang-ensemble",
    "zhang with two segmentors from different initial weights; the first is the same as in zhang.",
    "Li et al., AAAI 2020, Table 1",
    Translates = true)]
internal sealed class ZhangEnsemble(NetworkFactory networks) : Zhang(networks, NetworkRoles.SReal, NetworkRoles.SSecond);
