using MkdSeg.Phantom.Internals;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Running;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Data;

/// <summary>
/// Draws CT slices of phantoms with a new random appearance each time (domain randomisation after SynthSeg, Billot et al.
/// 2023): contrast, noise, kernel, slice thickness, tilt, field of view, metal. The body is generated once, as a tissue map.
/// The seed determines the sequence.
/// </summary>
internal sealed class SyntheticSampler : IBatchSource
{
    // Slice thickness in millimetres that determines the number of slices in an epoch.
    private const double EpochSliceMm = 3;

    private readonly IReadOnlyList<TissueCase> _cases;
    private readonly SyntheticSlice _slice;
    private readonly SeededRandom _random;

    public SyntheticSampler(
        IReadOnlyList<TissueCase> cases, PreprocessingOptions preprocessing, int classCount, SeededRandom random)
    {
        if (cases.Count == 0)
            throw new ArgumentException("A data set needs at least one case.", nameof(cases));
        (_cases, _random) = (cases, random);
        (PatchSize, Channels, ClassCount) = (preprocessing.PatchSize, preprocessing.ContextSlices, classCount);
        _slice = new(preprocessing);
        SlicesPerEpoch = (int)Math.Ceiling(cases.Sum(item => item.Extent.HalfMm.Z * 2) / EpochSliceMm);
    }

    public int PatchSize { get; }
    public int Channels { get; }
    public int ClassCount { get; }
    public int SlicesPerEpoch { get; }

    public void Draw(float[] images, float[] oneHot)
    {
        var pixels = PatchSize * PatchSize;
        for (var n = 0; n < images.Length / (pixels * Channels); n++)
        {
            _slice.Draw(
                _cases[_random.NextInt(_cases.Count)],
                _random,
                images.AsSpan(n * pixels * Channels, pixels * Channels),
                oneHot.AsSpan(n * pixels * ClassCount, pixels * ClassCount));
        }
    }

    public void Save(CheckpointWriter writer) => writer.Write("random", _random.State);

    public void Load(CheckpointReader reader) => _random.State = reader.Read<RandomState>("random");
}

/// <summary>The tissue map of a phantom, LPS, kept in memory while training draws from it.</summary>
internal sealed class TissueCase
{
    /// <exception cref="UserErrorException">The map shows no heart or contains a value that is not a tissue.</exception>
    public TissueCase(Volume<byte> tissues, string name)
    {
        Tissues = Orientation.Reorient(tissues, "LPS");
        var classes = new Volume<byte>(Tissues.Grid);
        for (var i = 0; i < classes.Voxels.Length; i++)
        {
            if (Tissues.Voxels[i] >= TissueClass.TissueCount)
            {
                throw new UserErrorException(
                    $"{name}: its tissue map contains the value {Tissues.Voxels[i]}, but tissues are numbered 0 to "
                    + $"{TissueClass.TissueCount - 1}; generate the data set again with this version.");
            }

            classes.Voxels[i] = TissueClass.Of((PhantomTissue)Tissues.Voxels[i]);
        }

        var box = HeartBox.FromClasses(classes)
            ?? throw new UserErrorException($"{name}: its tissue map shows no heart; generate the data set again.");
        var grid = Tissues.Grid;
        Extent = (box.CentreMm - grid.OriginMm, box.HalfSizeMm);
    }

    public Volume<byte> Tissues { get; }

    /// <summary>The heart's box: its centre relative to the first voxel's, and its half size, mm.</summary>
    public (Vector3D CentreMm, Vector3D HalfMm) Extent { get; }
}
