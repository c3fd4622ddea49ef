using MkdSeg.Bundles;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;
using MkdSeg.Volumes.IO;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Labels photographs with a model bundle: each is scaled to the model's size, the segmentors' probabilities are
/// averaged, and the most probable class goes back to the photograph's own size as a PNG of label values.
/// </summary>
public sealed class PhotographScorer : IDisposable
{
    private readonly ModelBundle _bundle;
    private readonly int _side;
    private readonly byte[] _valueOfClass;
    private readonly OnnxSegmentor[] _segmentors;

    /// <summary>Loads the bundle's segmentors.</summary>
    /// <exception cref="UserErrorException">
    /// The bundle takes volumes, has no segmentor, or has label values that a PNG of 8 bits cannot hold.
    /// </exception>
    public PhotographScorer(ModelBundle bundle, InferenceOptions? inference = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        _bundle = bundle;
        _side = bundle.PhotographSide ?? throw new UserErrorException(
            $"The bundle {bundle.Name} takes volumes of {bundle.Modality}, not photographs.");
        var beyond = bundle.Labels.FirstOrDefault(structure => structure.Value > byte.MaxValue);
        if (beyond is not null)
        {
            throw new UserErrorException(
                $"The bundle {bundle.Name} has the label value {beyond.Value} for {beyond.Name}; a label image holds "
                + "values up to 255.");
        }

        _valueOfClass = [0, .. bundle.LabelSet.Structures.Select(structure => (byte)structure.Value)];
        _segmentors = [.. bundle.Segmentors.Select(network =>
            OnnxSegmentor.ForSingleImages(bundle.ReadNetwork(network.Role), inference ?? InferenceOptions.Default, network.Role))];
        if (_segmentors.Length == 0)
            throw new UserErrorException($"The bundle {bundle.Name} has no segmentor.");
    }

    /// <summary>Class indices of one photograph.</summary>
    /// <param name="photograph">Values in [-1, 1]; the slices are the channels.</param>
    /// <param name="cancellation">Looked at between networks.</param>
    /// <returns>One slice of the photograph's width and height.</returns>
    /// <exception cref="UserErrorException">The photograph does not suit the networks.</exception>
    public Volume<byte> Segment(Volume<float> photograph, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(photograph);
        var size = photograph.Grid.Size;
        var multiple = SegmentationPipeline.SizeMultiple(_bundle);
        var (width, height) = PhotographScaling.Fit(size, _side, multiple);
        var input = PhotographScaling.Resize(photograph, width, height);
        var probabilities = Ensemble.Average(
            [.. _segmentors.Select(segmentor => segmentor.Segment(input, cancellation))]);
        return PhotographScaling.Resize(probabilities.ArgMax(), size.X, size.Y);
    }

    /// <summary>Labels every PNG of a folder and its subfolders.</summary>
    /// <param name="inputFolder">The folder with the photographs.</param>
    /// <param name="outputFolder">Where label images go, under the photographs' relative paths.</param>
    /// <param name="progress">Told of every photograph that is done: its relative path, and how many of how many.</param>
    /// <param name="cancellation">Stops between two photographs.</param>
    /// <returns>The number of label images.</returns>
    /// <exception cref="UserErrorException">There is no PNG, or one cannot be read or written.</exception>
    public int Score(
        string inputFolder,
        string outputFolder,
        Action<string, int, int>? progress = null,
        CancellationToken cancellation = default)
    {
        if (!Directory.Exists(inputFolder))
            throw new UserErrorException($"There is no folder {inputFolder}; check the path.");
        string[] files = [.. Directory.EnumerateFiles(inputFolder, "*.png", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new UserErrorException($"The folder {inputFolder} holds no PNG; photographs are read as PNG.");
        if (Path.GetFullPath(inputFolder) == Path.GetFullPath(outputFolder))
        {
            throw new UserErrorException(
                $"{outputFolder} holds the photographs; label images of the same names need another folder.");
        }

        for (var i = 0; i < files.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(inputFolder, files[i]);
            var labels = Segment(PhotographFile.Read(files[i], _bundle.Channels), cancellation);
            foreach (ref var pixel in labels.Voxels.AsSpan())
                pixel = _valueOfClass[pixel];
            PhotographFile.WriteLabels(labels, Path.Combine(outputFolder, name));
            progress?.Invoke(name, i + 1, files.Length);
        }

        return files.Length;
    }

    /// <summary>Frees the segmentors.</summary>
    public void Dispose()
    {
        foreach (var segmentor in _segmentors)
            segmentor.Dispose();
    }
}
