using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Preprocessing;

namespace MkdSeg.Training.Locating;

/// <summary>A trained locator as a bundle holds it.</summary>
/// <param name="File">Its entry in the bundle's list of networks.</param>
/// <param name="Settings">How volumes are shown to it.</param>
/// <param name="Onnx">The bytes of its ONNX file.</param>
public sealed record LocatorModel(NetworkFile File, LocatorSettings Settings, ReadOnlyMemory<byte> Onnx)
{
    /// <summary>The locator of a bundle.</summary>
    /// <exception cref="UserErrorException">It has none.</exception>
    public static LocatorModel Of(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return bundle is { Locator: { } settings } && bundle.FindNetwork(NetworkRoles.Locator) is { } file
            ? new(file, settings, bundle.ReadNetwork(file.Role))
            : throw new UserErrorException(
                $"The bundle {bundle.Name} has no locator; name one that has, or train one with mkdseg train-locator.");
    }

    /// <summary>Adds the locator to a bundle on disk, in the place of one that is there; all else stays as it is.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <exception cref="UserErrorException">There is no bundle, or it takes photographs.</exception>
    public ModelBundle AddTo(string folder)
    {
        var bundle = ModelBundle.Load(folder);
        if (bundle.PhotographSide is not null)
            throw new UserErrorException($"{folder}: the bundle takes photographs, in which no heart is looked for.");
        var others = bundle.Networks.Where(network => network.Role != NetworkRoles.Locator).ToArray();
        var files = others.ToDictionary(
            network => network.Role,
            network => (ReadOnlyMemory<byte>)bundle.ReadNetwork(network.Role),
            StringComparer.Ordinal);
        files.Add(File.Role, Onnx);
        return BundleWriter.Write(folder, bundle with { Locator = Settings, Networks = [.. others, File] }, files);
    }
}
