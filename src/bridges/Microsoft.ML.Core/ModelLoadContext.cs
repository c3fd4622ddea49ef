using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>One component's folder in a saved model; the counterpart of <see cref="ModelSaveContext"/>.</summary>
internal sealed class ModelLoadContext
{
    private readonly ZipArchive _archive;
    private readonly string _folder;

    private ModelLoadContext(
        IHostEnvironment environment, ZipArchive archive, string folder, ComponentDescription description)
    {
        Environment = environment;
        _archive = archive;
        _folder = folder;
        Values = description.Values;
    }

    public IHostEnvironment Environment { get; }

    public string[] Values { get; }

    /// <summary>Loads the component in a folder through the static <c>Load</c> method of its loader class.</summary>
    public static ITransformer LoadComponent(IHostEnvironment environment, ZipArchive archive, string folder)
    {
        var entry = archive.GetEntry($"{folder}/{ModelSaveContext.ComponentEntry}")
            ?? throw new FormatException(
                $"Corrupt model file: entry '{folder}/{ModelSaveContext.ComponentEntry}' is missing.");
        using var stream = entry.Open();
        var description = JsonSerializer.Deserialize<ComponentDescription>(stream);
        if (description?.Loader?.StartsWith("Microsoft.ML.", StringComparison.Ordinal) != true)
            throw new FormatException(
                $"Corrupt model file: entry '{entry.FullName}' names the loader '{description?.Loader}'.");
        var loader = Type.GetType(description.Loader, throwOnError: true)
            .GetMethod("Load", BindingFlags.Static | BindingFlags.NonPublic)
            ?? throw new FormatException($"Corrupt model file: '{description.Loader}' loads nothing.");
        var context = new ModelLoadContext(environment, archive, folder, description);
        return (ITransformer)loader.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [context], null);
    }

    public ITransformer LoadChild(string folder) => LoadComponent(Environment, _archive, $"{_folder}/{folder}");

    public byte[] ReadBytes(string name)
    {
        var entry = _archive.GetEntry($"{_folder}/{name}")
            ?? throw new FormatException($"Corrupt model file: entry '{_folder}/{name}' is missing.");
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
