using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MkdSeg.ML.Inference;

/// <summary>
/// A segmentation network in ONNX format: maps slices or photographs (N, C, H, W) to class probabilities (N, K, H, W).
/// It owns one session, which any number of threads may use concurrently. On a CPU, the same slices always give bit-identical
/// results, with any number of threads; on a GPU, ONNX Runtime does not guarantee this.
/// </summary>
/// <remarks>
/// Nothing is copied: slices are contiguous in a volume and in the probabilities, so a batch is a window of both arrays, which
/// are pinned while the network runs.
/// </remarks>
internal sealed class OnnxSegmentor : IDisposable
{
    // On a CPU a batch need only be large enough to hide the cost of a call; more pixels no longer fit its caches.
    private const int CpuBatchPixels = 1 << 14;
    private const int GpuBatchPixels = 1 << 20;
    private const int LargestChosenBatch = 64;
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Sha256, InferenceOptions Options, SliceContext Context), WeakReference<OnnxSegmentor>> Loaded = [];
    private readonly InferenceSession _session;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly RunOptions _runOptions = new();
    private readonly SliceContext _context;

    /// <summary>Loads a network from the bytes of an ONNX file; messages refer to it by its name.</summary>
    public OnnxSegmentor(
        byte[] model, InferenceOptions? options = null, string name = "The network", SliceContext? context = null)
    {
        Options = options ?? InferenceOptions.Default;
        if (Options.Threads < 0 || Options.BatchSize < 0)
        {
            throw new UserErrorException(
                $"{Options.Threads} threads and batches of {Options.BatchSize} were requested; neither can be negative.");
        }

        Name = name;
        _context = context ?? SliceContext.None;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(model));
        (_session, Device) = Engines.Open(model, name, Options, operatorThreads: 1);
        Workers = Device != "cpu" ? 1 : Options.WorkerCount;
        try
        {
            (_inputNames, _outputNames, Channels, ClassCount) = Describe();
            if (_context.Slices > 1 && Channels != _context.Slices)
            {
                throw new UserErrorException(
                    $"{Name} takes {Channels} channels, but its bundle specifies {_context.Slices} slices at once; copy the "
                    + "bundle again.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network's name in messages.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of the ONNX file, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    public InferenceOptions Options { get; }

    /// <summary>Where it runs: "cpu" or "cuda:N".</summary>
    public string Device { get; }

    /// <summary>Number of batches of a volume that it processes at the same time.</summary>
    internal int Workers { get; }

    /// <summary>Input values per pixel; this many slices of a volume form one image.</summary>
    public int Channels { get; }

    public int ClassCount { get; }

    /// <summary>Returns the segmentor for a network and options, freed when no longer used; callers do not dispose it.</summary>
    internal static OnnxSegmentor Shared(
        byte[] model, InferenceOptions options, string name = "The network", SliceContext? context = null)
    {
        var key = (Convert.ToHexStringLower(SHA256.HashData(model)), options, context ?? SliceContext.None);
        lock (Gate)
        {
            if (Loaded.TryGetValue(key, out var reference) && reference.TryGetTarget(out var shared))
                return shared;
            var segmentor = new OnnxSegmentor(model, options, name, context);
            Loaded[key] = new WeakReference<OnnxSegmentor>(segmentor);
            return segmentor;
        }
    }

    /// <summary>Segments every slice of a prepared volume and its mirror images; probabilities are averaged.</summary>
    /// <param name="volume">
    /// Intensities in [-1, 1]; height and width as the network needs them. For a network with several channels, the slices are
    /// the channels of successive images.
    /// </param>
    /// <param name="flips">The mirror images; each costs another pass through the network.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <returns>Class probabilities on the same grid, one slice per image.</returns>
    /// <exception cref="UserErrorException">The size or number of the slices does not suit the network.</exception>
    public ProbabilityVolume Segment(
        Volume<float> volume, SliceFlips flips = SliceFlips.None, CancellationToken cancellation = default)
    {
        var size = volume.Grid.Size;
        var stacked = SeesNeighbours ? 1 : Channels;
        if (size.Z % stacked != 0)
        {
            throw new UserErrorException(
                $"{Name} takes images of {Channels} channels, but {size.Z} slices were given; use photographs with that "
                + "many channels, or another model for volumes.");
        }

        size = size with { Z = size.Z / stacked };
        var values = GC.AllocateUninitializedArray<float>(checked((int)(size.VoxelCount * ClassCount)));
        var outputLength = size.SliceLength * ClassCount;
        var batch = BatchSizeFor(size);
        SliceBatches.ForEach(
            size.Z,
            batch,
            Workers,
            () => new SlicePass(this, volume, flips, Math.Min(batch, size.Z)),
            (pass, first, count) => pass.Run(
                first, count, values.AsMemory(first * outputLength, count * outputLength)),
            cancellation);
        var grid = volume.Grid;
        return new ProbabilityVolume(
            stacked == 1 ? grid : new(size, grid.SpacingMm, grid.OriginMm, grid.Direction), ClassCount, values);
    }

    /// <summary>Returns the slices per batch: as set, else 128×128 pixels on a CPU, 1024×1024 on a GPU, 1 to 64.</summary>
    public int BatchSizeFor(GridSize size) => Options.BatchSize > 0
        ? Options.BatchSize
        : Math.Clamp((Device == "cpu" ? CpuBatchPixels : GpuBatchPixels) / size.SliceLength, 1, LargestChosenBatch);

    /// <summary>Runs the network on some slices in one batch; probabilities are (count, classes, height, width).</summary>
    public void Run(Volume<float> volume, int firstSlice, int count, Memory<float> probabilities) =>
        new SlicePass(this, volume, SliceFlips.None, count).Run(firstSlice, count, probabilities);

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    /// <summary>Whether the channels are a slice's neighbours; if not, the volume is images of that many channels.</summary>
    internal bool SeesNeighbours => _context.Slices > 1;

    /// <summary>Returns some slices as (count, channels, height, width): a view of the volume, or the buffer.</summary>
    internal Memory<float> Images(Volume<float> volume, int first, int count, float[] buffer)
    {
        var length = Channels * volume.Grid.Size.SliceLength;
        if (!SeesNeighbours)
            return volume.Voxels.AsMemory(first * length, count * length);
        for (var i = 0; i < count; i++)
            _context.Gather(volume, first + i, buffer.AsSpan(i * length, length));
        return buffer.AsMemory(0, count * length);
    }

    /// <summary>Runs the network on images (count, channels, height, width).</summary>
    internal void Infer(Memory<float> images, int count, (int Width, int Height) size, Memory<float> probabilities)
    {
        var cpu = OrtMemoryInfo.DefaultInstance;
        using var input = OrtValue.CreateTensorValueFromMemory(cpu, images, [count, Channels, size.Height, size.Width]);
        using var output = OrtValue.CreateTensorValueFromMemory(
            cpu, probabilities, [count, ClassCount, size.Height, size.Width]);
        try
        {
            _session.Run(_runOptions, _inputNames, [input], _outputNames, [output]);
        }
        catch (OnnxRuntimeException error)
        {
            throw new UserErrorException(
                $"{Name} failed on slices of {size.Width}×{size.Height} pixels ({error.Message.Split('\n')[0].Trim()}); "
                + "prepare the volume with the settings of the network's bundle.",
                error);
        }
    }

    private (string[] Inputs, string[] Outputs, int Channels, int ClassCount) Describe()
    {
        var inputs = _session.InputMetadata;
        var outputs = _session.OutputMetadata;
        if (inputs.Count != 1 || outputs.Count != 1)
        {
            throw new UserErrorException(
                $"{Name} has {inputs.Count} inputs and {outputs.Count} outputs; a segmentor has one of each.");
        }

        var (inputName, input) = inputs.Single();
        var (outputName, output) = outputs.Single();
        if (!IsImageBatch(input) || !IsImageBatch(output) || input.Dimensions[1] < 1 || output.Dimensions[1] < 2)
        {
            throw new UserErrorException(
                $"{Name} maps {Shape(input)} to {Shape(output)}; a segmentor maps Float (any, channels, H, W) to Float "
                + "(any, classes, H, W) with at least 2 classes.");
        }

        return ([inputName], [outputName], input.Dimensions[1], output.Dimensions[1]);
    }

    private static bool IsImageBatch(NodeMetadata node) =>
        node.IsTensor && node.ElementDataType == TensorElementType.Float && node.Dimensions.Length == 4;

    private static string Shape(NodeMetadata node) =>
        node.IsTensor
            ? $"{node.ElementDataType} ({string.Join(", ", node.Dimensions.Select(d => d < 0 ? "any" : $"{d}"))})"
            : node.OnnxValueType.ToString();
}
