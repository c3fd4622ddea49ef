using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Bundles;
using MkdSeg.Ensembling;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Photographs;

/// <summary>Runs segmentors through ML.NET's own ApplyOnnxModel, which is designed for one image of fixed size per row.</summary>
internal sealed class PhotographSegmenter : IDisposable
{
    private const string ImageColumn = "Photograph";
    private readonly MLContext _context = new();
    private readonly NetworkFile[] _networks;
    private readonly string[] _files;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mkdseg-networks-");
    private readonly InferenceOptions _inference;
    private readonly int _classCount;
    private (GridSize Size, ITransformer[] Chains)? _last;

    public PhotographSegmenter(ModelBundle bundle, InferenceOptions inference)
    {
        _networks = [.. bundle.Segmentors];
        if (_networks.Length == 0)
            throw new UserErrorException($"The bundle {bundle.Name} has no segmentor.");
        (_inference, _classCount) = (inference, bundle.LabelSet.ClassCount);
        SizeMultiple = HeartSegmenter.SizeMultiple(bundle);
        Device = Engines.DeviceFor(inference);
        // If the native library does not support the GPU, it throws an EntryPointNotFoundException, with or without fallback.
        _context.GpuDeviceId = Device == "cpu" ? null : Engines.ParseCudaIndex(Device);
        _files = [.. _networks.Select((_, i) => Path.Combine(_folder.FullName, $"{i}.onnx"))];
        foreach (var (network, file) in _networks.Zip(_files))
            File.WriteAllBytes(file, bundle.ReadNetwork(network.Role));
    }

    /// <summary>Where the networks actually run: "cpu" or "cuda:N".</summary>
    public string Device { get; }

    public int SizeMultiple { get; }

    /// <summary>Returns the segmentors' mean probabilities as one slice; the photograph's slices are its channels.</summary>
    public ProbabilityVolume Segment(Volume<float> photograph, CancellationToken cancellation)
    {
        var size = photograph.Grid.Size;
        if (_last is not { } last || last.Size != size)
        {
            Release();
            _last = last = (size, [.. Enumerable.Range(0, _networks.Length).Select(i => Open(i, size))]);
        }

        var rows = Rows(size, [new() { Photograph = photograph.Voxels }]);
        var grid = new Grid(size with { Z = 1 }, photograph.Grid.SpacingMm, photograph.Grid.OriginMm, photograph.Grid.Direction);
        var found = new List<ProbabilityVolume>(last.Chains.Length);
        for (var i = 0; i < last.Chains.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var values = last.Chains[i].Transform(rows).GetColumn<float[]>(_networks[i].OutputName).Single();
            found.Add(new(grid, _classCount, values));
        }

        return Ensemble.Average(found);
    }

    public void Dispose()
    {
        Release();
        _folder.Delete(recursive: true);
    }

    private void Release()
    {
        foreach (var chain in _last?.Chains ?? [])
            (chain as IDisposable)?.Dispose();
        _last = null;
    }

    private TransformerChain<Microsoft.ML.Transforms.Onnx.OnnxTransformer> Open(int index, GridSize size)
    {
        var network = _networks[index];
        try
        {
            return _context.Transforms.CopyColumns(network.InputName, ImageColumn)
                .Append(_context.Transforms.ApplyOnnxModel(new Microsoft.ML.Transforms.Onnx.OnnxOptions
                {
                    ModelFile = _files[index],
                    InputColumns = [network.InputName],
                    OutputColumns = [network.OutputName],
                    ShapeDictionary = new Dictionary<string, int[]>
                    {
                        [network.InputName] = [1, size.Z, size.Y, size.X],
                        [network.OutputName] = [1, _classCount, size.Y, size.X],
                    },
                    GpuDeviceId = _context.GpuDeviceId,
                    IntraOpNumThreads = _inference.Threads > 0 ? _inference.Threads : null,
                }))
                .Fit(Rows(size, []));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new UserErrorException(
                $"{network.Role} cannot run on photographs of {size.X}×{size.Y} pixels and {size.Z} channels "
                + $"({error.GetBaseException().Message.Split('\n')[0].Trim().TrimEnd('.')}); use the model that was trained for "
                + "them.",
                error);
        }
    }

    private IDataView Rows(GridSize size, Row[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[ImageColumn].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single, 1, size.Z, size.Y, size.X);
        return _context.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public float[] Photograph { get; set; } = [];
    }
}
