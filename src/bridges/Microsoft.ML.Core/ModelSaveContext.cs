using System.IO.Compression;
using System.Text.Json;

namespace Microsoft.ML;

/// <remarks>
/// A saved model is a zip. Every component has a folder in it, with an entry <c>Component.json</c> that names its
/// loader and holds its strings, and further entries for what is large. This layout is the bridge's own: the real
/// package can read none of it, nor the bridge a file of the real package.
/// </remarks>
public sealed class ModelSaveContext : IDisposable
{
    internal const string ComponentEntry = "Component.json";

    private readonly ZipArchive _archive;
    private readonly string _folder;
    private ComponentDescription _description;

    private ModelSaveContext(ZipArchive archive, string folder)
    {
        _archive = archive;
        _folder = folder;
    }

    public void Dispose()
    {
        // Everything is written by `Complete`; an abandoned context leaves no entry behind.
        _description = null;
    }

    /// <summary>Lets a component save itself into a folder of the archive.</summary>
    internal static void SaveComponent(ZipArchive archive, string folder, ICanSaveModel component)
    {
        using var context = new ModelSaveContext(archive, folder);
        component.Save(context);
        context.Complete();
    }

    internal void SaveChild(string folder, ICanSaveModel component) =>
        SaveComponent(_archive, $"{_folder}/{folder}", component);

    internal void Describe(string loader, params string[] values) =>
        _description = new ComponentDescription(loader, values);

    internal void WriteBytes(string name, byte[] bytes)
    {
        using var stream = _archive.CreateEntry($"{_folder}/{name}").Open();
        stream.Write(bytes);
    }

    private void Complete()
    {
        if (_description == null)
            throw new InvalidOperationException("ModelSignature not specified!");
        WriteBytes(ComponentEntry, JsonSerializer.SerializeToUtf8Bytes(_description));
    }
}

/// <summary>
/// The loader that understands a component's folder, and the component's strings in the loader's order.
/// </summary>
internal sealed record ComponentDescription(string Loader, string[] Values);
