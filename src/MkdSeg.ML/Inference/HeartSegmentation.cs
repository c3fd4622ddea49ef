namespace MkdSeg.ML.Inference;

/// <summary>The result of a <see cref="HeartSegmenter"/>. Masks are on the grid of the volume as it was read.</summary>
/// <remarks>Parts are computed on first access and then kept; any thread may access them.</remarks>
public sealed class HeartSegmentation
{
    private readonly Lock _gate = new();
    private readonly HeartSegmenter _segmenter;
    private readonly Volume<float> _volume;
    private readonly string _name;
    private readonly Volume<byte>? _annotation;
    private readonly CancellationToken _cancellation;
    private readonly Volume<byte>?[] _segmentorMasks;
    private HeartBox? _box;
    private Volume<float>? _prepared;
    private NetworkOutput? _output;
    private Volume<byte>? _mask;
    private double[]? _volumesMl;
    private double[]? _agreement;

    internal HeartSegmentation(
        HeartSegmenter segmenter,
        Volume<float> volume,
        string name,
        Volume<byte>? annotation,
        CancellationToken cancellation)
    {
        (_segmenter, _volume, _name, _annotation, _cancellation) = (segmenter, volume, name, annotation, cancellation);
        _segmentorMasks = new Volume<byte>?[segmenter.Roles.Count];
    }

    /// <summary>Where the heart lies; null for the crop rules Centre and Whole.</summary>
    public HeartBox? Box
    {
        get
        {
            lock (_gate)
                return _box ??= _segmenter.Locate(_volume, _name, _annotation, _cancellation);
        }
    }

    /// <summary>The volume as the networks see it, in [-1, 1].</summary>
    public Volume<float> Prepared
    {
        get
        {
            lock (_gate)
                return _prepared ??= _segmenter.Prepare(_volume, Box);
        }
    }

    /// <summary>Class indices of all segmentors together, after clean-up.</summary>
    public Volume<byte> Mask
    {
        get
        {
            lock (_gate)
                return _mask ??= _segmenter.CleanUp(RawMask);
        }
    }

    /// <summary>The mask before clean-up; the same object as <see cref="Mask"/> if clean-up changed nothing.</summary>
    public Volume<byte> RawMask => Output.Mask;

    /// <summary>Class probabilities of all segmentors together, on the grid of <see cref="Prepared"/>; null unless kept.</summary>
    public ProbabilityVolume? Probabilities => Output.Probabilities;

    /// <summary>Class probabilities of each segmentor, on the grid of <see cref="Prepared"/>; empty unless kept.</summary>
    public IReadOnlyList<ProbabilityVolume> SegmentorProbabilities => Output.SegmentorProbabilities;

    /// <summary>
    /// Where the segmentors disagree, in [0, 1], on the grid of <see cref="Prepared"/>: the total variation distance of their
    /// probabilities, averaged over all pairs. 0 everywhere for a single segmentor.
    /// </summary>
    public Volume<float> Disagreement => Output.Disagreement;

    /// <summary>Volume of each structure of <see cref="Mask"/>, mL.</summary>
    public IReadOnlyList<double> VolumesMl => MeasureVolumes();

    /// <summary>
    /// Dice between the segmentors' masks for each structure, averaged over all pairs; NaN if no mask has the structure, empty
    /// for a single segmentor. Low values mark doubtful cases.
    /// </summary>
    public IReadOnlyList<double> Agreement => MeasureAgreement();

    private NetworkOutput Output
    {
        get
        {
            lock (_gate)
            {
                return _output ??= _segmenter.Run(
                    Prepared, _volume.Grid, _segmenter.Options.KeepProbabilities, _cancellation);
            }
        }
    }

    /// <summary>Returns the class indices of one segmentor alone, after clean-up.</summary>
    /// <param name="segmentor">Its index in <see cref="HeartSegmenter.Roles"/>, from 0.</param>
    public Volume<byte> SegmentorMask(int segmentor)
    {
        lock (_gate)
            return _segmentorMasks[segmentor] ??= _segmenter.CleanUp(Output.SegmentorMasks[segmentor]);
    }

    internal double[] MeasureVolumes()
    {
        lock (_gate)
            return _volumesMl ??= StructureVolumes.InMl(Mask, _segmenter.Labels.ClassCount);
    }

    internal double[] MeasureAgreement()
    {
        lock (_gate)
        {
            return _agreement ??= _segmentorMasks.Length < 2
                ? []
                : Ensembling.Agreement.PerStructure(
                    [.. Enumerable.Range(0, _segmentorMasks.Length).Select(SegmentorMask)], _segmenter.Labels.ClassCount);
        }
    }

    /// <summary>Runs the networks, after any earlier step that is still outstanding.</summary>
    internal void RunNetworks() => _ = Output;
}
