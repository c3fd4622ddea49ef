using MkdSeg.Bundles;
using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Zhang et al. with two segmentors, which Li et al. compare with to show that their gain is not that of an ensemble:
/// both learn from the same real and synthetic target images, from different initial weights, and the mean of the two
/// answers. G keeps the shapes of the first one alone, which therefore ends with the very weights that <see cref="Zhang"/>
/// gives it: one run makes both rows of the table.
/// </summary>
/// <param name="networks">Makes the networks.</param>
/// <param name="options">The training's options.</param>
[TrainingMethod(
    "zhang-ensemble",
    "zhang with two segmentors from different initial weights; the first is that of zhang.",
    "Li et al., AAAI 2020, Table 1",
    Translates = true)]
public sealed class ZhangEnsemble(NetworkFactory networks, TrainingOptions options)
    : Zhang(networks, options, NetworkRoles.SReal, NetworkRoles.SSecond);
