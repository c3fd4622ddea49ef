using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;

namespace MkdSeg.Training.Running;

/// <summary>Weights of a bundle that a training begins with instead of random ones.</summary>
/// <param name="first">Begins every network that it has.</param>
/// <param name="synBundle">Begins S_syn in its place, with what it has as S_real; null for none.</param>
internal sealed class StartingWeights(ModelBundle first, ModelBundle? synBundle = null)
{
    /// <summary>
    /// What the bundle has for a role; a segmentor that it lacks begins as its S_real, or its only one. Null for a network that
    /// bundles do not hold, which begins anew.
    /// </summary>
    /// <exception cref="UserErrorException">The bundle's network is of another kind or size.</exception>
    public Weights? For(string role, NetworkGraph graph)
    {
        var (bundle, wanted) = role == NetworkRoles.SSyn && synBundle is not null
            ? (synBundle, NetworkRoles.SReal)
            : (first, role);
        var network = bundle.FindNetwork(wanted);
        if (network is null && NetworkRoles.IsSegmentor(role))
            network = bundle.FindNetwork(NetworkRoles.SReal) ?? bundle.Segmentors.FirstOrDefault();
        if (network is null)
            return null;
        try
        {
            return OnnxWeights.Read(bundle.ReadNetwork(network.Role), network.File).For(graph);
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException(
                $"The bundle {bundle.Name} does not fit these options: {error.Message} Train with the options that the bundle "
                + "was made with.",
                error);
        }
    }
}
