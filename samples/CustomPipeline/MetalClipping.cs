using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Volumes;

namespace CustomPipeline;

/// <summary>A custom step before the segmentation: metal and contrast leads must not stretch the intensities.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class MetalClipping : CustomMappingFactory<RawVolume, ClippedVolume>
{
    /// <summary>The name under which a saved model finds this class.</summary>
    public const string Contract = "CustomPipeline.MetalClipping";

    private const float MostHounsfield = 2000;

    public override Action<RawVolume, ClippedVolume> GetMapping() => (raw, clipped) =>
    {
        // Values pass by reference from step to step, so a step makes a new volume.
        var values = new float[raw.Raw.Voxels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Min(raw.Raw.Voxels[i], MostHounsfield);
        clipped.Clipped = new(raw.Raw.Grid, values);
    };
}

public sealed class RawVolume
{
    public Volume<float> Raw { get; set; } = null!;
}

public sealed class ClippedVolume
{
    public Volume<float> Clipped { get; set; } = null!;
}
