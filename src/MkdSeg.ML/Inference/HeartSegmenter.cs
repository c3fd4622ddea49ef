using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.Ensembling;

namespace MkdSeg.ML.Inference;

/// <summary>What a <see cref="HeartSegmenter"/> does in addition to running the networks of its bundle.</summary>
public record HeartSegmenterOptions
{
    /// <summary>
    /// How the networks' field of view is chosen. Null uses the bundle's rule, with <see cref="CropRule.Located"/> instead of
    /// <see cref="CropRule.Label"/>, because a volume to be segmented has no annotation.
    /// </summary>
    public CropRule? Crop { get; init; }

    /// <summary>A weight for each segmentor in the bundle's order; null for equal weights.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Mirror images of each slice that are segmented as well; each costs another pass through each network.</summary>
    public SliceFlips Flips { get; init; }

    /// <summary>Whether masks keep only the largest part of each structure.</summary>
    public bool LargestComponentsOnly { get; init; }

    /// <summary>Closed cavities within one structure are filled up to this volume, in mL; 0 fills none.</summary>
    public double FillHolesUpToMl { get; init; }

    /// <summary>
    /// Whether probabilities are kept. They need (classes + 1) × segmentors times the memory of the prepared volume; without
    /// them, masks are built batch by batch. The masks are the same.
    /// </summary>
    public bool KeepProbabilities { get; init; }

    /// <summary>Where and how the networks run.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
}

/// <summary>
/// Segments the heart in volumes with the networks of a bundle: locates it, prepares the volume, runs all segmentors on each
/// batch of slices, averages, maps masks back onto the volume's own grid, cleans up and measures. It does not use ML.NET; the
/// bundle's pipeline and the folder scorer both call it.
/// </summary>
/// <remarks>
/// Any number of threads may use one segmenter. It shares its networks with all others of the same bundle and options; they
/// are freed when no longer used.
/// </remarks>
/// <example>
/// <code>
/// var segmenter = new HeartSegmenter(ModelBundle.Load("onnx/phantom-ct"), new() { LargestComponentsOnly = true });
/// var found = segmenter.Segment(VolumeFile.ReadIntensities("ct.nii.gz"));
/// Console.WriteLine(found.VolumesMl[2]); // of the left ventricle
/// </code>
/// </example>
public sealed class HeartSegmenter
{
    internal const string NoName = "the volume";
    private readonly OnnxSegmentor[] _segmentors;
    private readonly double[] _weights;
    private readonly HeartLocator? _locator;
    private readonly PreprocessingOptions _preprocessing;
    private readonly int _sizeMultiple;

    /// <summary>Loads a bundle's segmentors, and its locator where the crop rule needs one.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="options">Crop rule, weights, clean-up, device.</param>
    /// <exception cref="UserErrorException">
    /// The bundle is damaged, has no segmentor or is for photographs, the weights are invalid, or the device is not available.
    /// </exception>
    public HeartSegmenter(ModelBundle bundle, HeartSegmenterOptions? options = null)
        : this(bundle, options ?? new(), (bundle ?? throw new ArgumentNullException(nameof(bundle))).ReadNetwork)
    {
    }

    internal HeartSegmenter(ModelBundle bundle, HeartSegmenterOptions options, Func<string, byte[]> readNetwork)
    {
        Engines.Require(options.Inference);
        Options = options;
        var networks = SegmentorsOf(bundle);
        Roles = [.. networks.Select(network => network.Role)];
        _weights = EnsembleWeights.Of(bundle.Name, options.Weights, networks.Length).Values;
        Crop = EffectiveCrop(bundle, options);
        Labels = bundle.LabelSet;
        _sizeMultiple = SizeMultiple(bundle);
        _preprocessing = bundle.Preprocessing with { Crop = Crop };
        if (Crop == CropRule.Located && bundle.FindNetwork(NetworkRoles.Locator) is { } locator)
        {
            // A locator's box already has a margin; with both, the networks would see slices unlike any in training.
            _preprocessing = _preprocessing with
            {
                ZMarginMm = Math.Max(0, _preprocessing.ZMarginMm - bundle.Locator!.MarginMm),
            };
            _locator = new(
                OnnxSegmentor.Shared(readNetwork(locator.Role), options.Inference, locator.Role),
                bundle.Locator!,
                locator.SizeMultiple);
        }

        _segmentors = [.. Roles.Select(role => OnnxSegmentor.Shared(readNetwork(role), options.Inference, role, bundle.Preprocessing.Context))];
        RequireSameClasses();
    }

    /// <summary>The structures.</summary>
    public LabelSet Labels { get; }

    /// <summary>The segmentors' roles in the bundle, such as "S_real", in the order of all values given per segmentor.</summary>
    public IReadOnlyList<string> Roles { get; }

    /// <summary>The crop rule in use.</summary>
    public CropRule Crop { get; }

    /// <summary>Where the networks actually run: "cpu" or "cuda:N".</summary>
    public string Device => _segmentors[0].Device;

    internal HeartSegmenterOptions Options { get; }

    /// <summary>Segments a volume.</summary>
    /// <param name="volume">Intensities as they were read, in any orientation.</param>
    /// <param name="name">The volume's name in messages, such as its path.</param>
    /// <param name="annotation">For the crop rule Label: class indices on the volume's grid, showing where the heart is.</param>
    /// <param name="cancellation">Checked between batches of slices.</param>
    /// <returns>Masks on the volume's grid and their measurements.</returns>
    /// <exception cref="UserErrorException">There is no heart in the volume, or its slices do not suit the networks.</exception>
    public HeartSegmentation Segment(
        Volume<float> volume,
        string name = NoName,
        Volume<byte>? annotation = null,
        CancellationToken cancellation = default)
    {
        var found = Begin(volume, name, annotation, cancellation);
        _ = found.Mask;
        return found;
    }

    /// <summary>Returns a segmentation whose parts are computed on request.</summary>
    internal HeartSegmentation Begin(
        Volume<float> volume, string name, Volume<byte>? annotation, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return new(this, volume, name, annotation, cancellation);
    }

    /// <summary>Returns the rule that <see cref="HeartSegmenterOptions.Crop"/> resolves to for a bundle.</summary>
    internal static CropRule EffectiveCrop(ModelBundle bundle, HeartSegmenterOptions options) => options.Crop
        ?? (bundle.Preprocessing.Crop == CropRule.Label ? CropRule.Located : bundle.Preprocessing.Crop);

    /// <summary>Returns the number that width and height must be multiples of for every segmentor of a bundle.</summary>
    internal static int SizeMultiple(ModelBundle bundle) =>
        bundle.Segmentors.Select(segmentor => segmentor.SizeMultiple).Aggregate(1, LeastCommonMultiple);

    private static int LeastCommonMultiple(int a, int b)
    {
        var (x, y) = (a, b);
        while (y != 0)
            (x, y) = (y, x % y);
        return a / x * b;
    }

    /// <summary>Returns the segmentors of a bundle for volumes.</summary>
    internal static NetworkFile[] SegmentorsOf(ModelBundle bundle)
    {
        if (bundle.PhotographSide is not null)
        {
            throw new UserErrorException(
                $"The bundle {bundle.Name} takes photographs, not volumes; use a bundle for volumes.");
        }

        NetworkFile[] networks = [.. bundle.Segmentors];
        return networks.Length > 0
            ? networks
            : throw new UserErrorException(
                $"The bundle {bundle.Name} has no segmentor, only {string.Join(", ", bundle.Networks.Select(n => n.Role))}; "
                + "a network whose role begins with S_ is needed.");
    }

    /// <summary>Returns where the heart lies; null for crop rules that do not need it.</summary>
    internal HeartBox? Locate(
        Volume<float> volume, string name, Volume<byte>? annotation, CancellationToken cancellation) => Crop switch
        {
            CropRule.Label => HeartBox.FromClasses(annotation ?? throw new UserErrorException(
                $"{name} has no annotation, which the crop rule Label needs; use the crop rule Located."))
                ?? throw new UserErrorException(
                    $"The annotation of {name} contains only background, so it does not show where the heart lies; check the "
                    + "label file, or use the crop rule Located."),
            CropRule.Located when _locator is not null => _locator.Locate(volume, name, cancellation),
            CropRule.Located => LocateWithSegmentors(volume, name, cancellation),
            _ => null,
        };

    internal Volume<float> Prepare(Volume<float> volume, HeartBox? box) =>
        Preprocessor.Prepare(volume, _preprocessing, box, _sizeMultiple);

    /// <summary>Returns the mask after the clean-up set in the options; the same object if that changes nothing.</summary>
    internal Volume<byte> CleanUp(Volume<byte> mask)
    {
        if (Options.LargestComponentsOnly)
            mask = ConnectedComponents.KeepLargestOfEachClass(mask);
        // After keeping the largest parts, because a cleared island may leave a cavity.
        return Options.FillHolesUpToMl > 0 ? ConnectedComponents.FillHoles(mask, Options.FillHolesUpToMl) : mask;
    }

    /// <summary>
    /// Turns the slices of a prepared volume into masks batch by batch: every segmentor runs on the batch, the probabilities are
    /// averaged and mapped onto the volume's own grid, and their buffers are reused for the next batch. So the probabilities of
    /// a whole volume, many times its size, are in memory only if they are to be kept.
    /// </summary>
    /// <returns>The networks' results before any clean-up.</returns>
    internal NetworkOutput Run(Volume<float> prepared, Grid original, bool keepProbabilities, CancellationToken cancellation)
    {
        var classCount = _segmentors[0].ClassCount;
        var frame = prepared.Grid;
        var batch = Math.Min(frame.Size.Z, _segmentors.Min(segmentor => segmentor.BatchSizeFor(frame.Size)));
        var workers = _segmentors.Max(segmentor => segmentor.Workers);
        var length = classCount * frame.Size.SliceLength;
        var masks = _segmentors.Select(_ => new MaskResampler(frame, original)).ToArray();
        var joint = masks.Length > 1 ? new MaskResampler(frame, original) : masks[0];
        var disagreement = new Volume<float>(frame);
        ProbabilityVolume[] kept = keepProbabilities
            ? [.. Enumerable.Range(0, masks.Length > 1 ? masks.Length + 1 : 1).Select(_ => new ProbabilityVolume(
                frame, classCount, new float[checked((int)(frame.Size.VoxelCount * classCount))]))]
            : [];
        var total = _weights.Sum();
        SliceBatches.ForEach(
            frame.Size.Z,
            batch,
            workers,
            () => new Worker(_segmentors, prepared, Options.Flips, batch, length),
            (worker, first, count) =>
            {
                worker.Run(first, count);
                // A single worker has the cores to itself.
                Parallel.For(
                    0,
                    count,
                    new() { MaxDegreeOfParallelism = workers > 1 ? 1 : -1 },
                    slice => Restore(worker, slice, first + slice));
            },
            cancellation);
        Volume<byte>[] members = [.. masks.Select(mask => mask.Finish())];
        return new(
            masks.Length > 1 ? joint.Finish() : members[0],
            members,
            disagreement,
            kept.Length > 0 ? kept[^1] : null,
            kept.Length > 1 ? kept[..^1] : kept);

        void Restore(Worker worker, int inBatch, int inFrame)
        {
            for (var i = 0; i < masks.Length; i++)
            {
                var found = worker.Found(i, inBatch);
                masks[i].AddProbabilities(inFrame, found, classCount);
                if (keepProbabilities)
                    found.CopyTo(kept[i].Slice(inFrame));
            }

            if (masks.Length == 1)
                return;
            var mean = keepProbabilities ? kept[^1].Slice(inFrame) : worker.Mean(inBatch);
            mean.Clear();
            for (var i = 0; i < masks.Length; i++)
                Ensemble.Add(worker.Found(i, inBatch), (float)(_weights[i] / total), mean);
            joint.AddProbabilities(inFrame, mean, classCount);
            Agreement.AddDisagreement(masks.Length, i => worker.Found(i, inBatch), disagreement.Slice(inFrame));
        }
    }

    // For bundles without a locator, whose volumes show little more than the heart: the segmentors locate it themselves.
    private HeartBox LocateWithSegmentors(Volume<float> volume, string name, CancellationToken cancellation)
    {
        var whole = Preprocessor.Prepare(volume, _preprocessing with { Crop = CropRule.Whole }, null, _sizeMultiple);
        return HeartBox.FromClasses(Run(whole, whole.Grid, keepProbabilities: false, cancellation).Mask, largestComponentOnly: true)
            ?? throw new UserErrorException(
                $"No heart found in {name}: the segmentors labelled no voxel of it; check that it shows the chest in the "
                + "model's modality, or use another crop rule.");
    }

    private void RequireSameClasses()
    {
        if (_segmentors.All(segmentor => segmentor.ClassCount == _segmentors[0].ClassCount && segmentor.Channels == _preprocessing.ContextSlices))
            return;
        throw new UserErrorException(
            $"Segmentors of one ensemble must have the same classes and take {_preprocessing.ContextSlices} slices at once; "
            + "found: "
            + string.Join(", ", _segmentors.Select(found => $"{found.ClassCount} classes of {found.Channels} channels"))
            + ".");
    }

    /// <summary>The buffers of one of several threads, reused for all its batches.</summary>
    private sealed class Worker(
        OnnxSegmentor[] segmentors, Volume<float> prepared, SliceFlips flips, int batch, int length)
    {
        private readonly SlicePass[] _passes =
            [.. segmentors.Select(segmentor => new SlicePass(segmentor, prepared, flips, batch))];

        private readonly float[][] _found = [.. segmentors.Select(_ => new float[batch * length])];
        private readonly float[] _mean = new float[segmentors.Length > 1 ? batch * length : 0];

        public void Run(int first, int count)
        {
            for (var i = 0; i < _passes.Length; i++)
                _passes[i].Run(first, count, _found[i].AsMemory(0, count * length));
        }

        /// <summary>Returns a network's probabilities for a slice of the batch.</summary>
        public Span<float> Found(int network, int slice) => _found[network].AsSpan(slice * length, length);

        /// <summary>Returns the buffer for the networks' mean probabilities in a slice of the batch.</summary>
        public Span<float> Mean(int slice) => _mean.AsSpan(slice * length, length);
    }
}

/// <summary>The networks' results before any clean-up; masks are on the original grid, the rest on the prepared one.</summary>
internal sealed record NetworkOutput(
    Volume<byte> Mask,
    IReadOnlyList<Volume<byte>> SegmentorMasks,
    Volume<float> Disagreement,
    ProbabilityVolume? Probabilities,
    IReadOnlyList<ProbabilityVolume> SegmentorProbabilities);
