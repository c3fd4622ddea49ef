using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;

namespace MkdSeg.Training.Running;

/// <summary>Weights of a bundle with which training starts instead of random weights.</summary>
/// <param name="first">Provides the weights of every network that it contains.</param>
/// <param name="synBundle">Provides the weights of S_syn instead, from its S_real; null for none.</param>
internal sealed class StartingWeights(ModelBundle first, ModelBundle? synBundle = null)
{
    /// <summary>
    /// Returns the bundle's weights for a role; a segmentor that it lacks starts as its S_real, or as its only segmentor. Null
    /// for a network that bundles do not contain, which starts with random weights.
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
                + "was trained with.",
                error);
        }
    }
}
