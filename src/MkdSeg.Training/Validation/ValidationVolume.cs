using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Validation;

/// <summary>An annotated target volume as the networks see it, around the annotation.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Image">Intensities in [-1, 1] on the network frame.</param>
/// <param name="Classes">Class indices on the same grid.</param>
public sealed record ValidationVolume(string CaseId, Volume<float> Image, Volume<byte> Classes)
{
    /// <summary>Prepares a volume.</summary>
    /// <param name="caseId">The case.</param>
    /// <param name="image">Intensities as they were read.</param>
    /// <param name="classes">Class indices on the same grid.</param>
    /// <param name="options">How volumes are prepared in use; the place always comes from the annotation here.</param>
    /// <exception cref="UserErrorException">There is no labelled voxel.</exception>
    public static ValidationVolume Of(
        string caseId, Volume<float> image, Volume<byte> classes, PreprocessingOptions options)
    {
        var (prepared, framed) = Preprocessor.PrepareLabelled(image, classes, options with { Crop = CropRule.Label });
        return new(caseId, prepared.Input, framed);
    }
}
