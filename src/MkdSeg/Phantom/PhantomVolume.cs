using MkdSeg.Datasets;
using MkdSeg.Volumes;

namespace MkdSeg.Phantom;

/// <summary>An image and its labels on one grid.</summary>
/// <param name="Image">Intensities: Hounsfield units (whole numbers) for CT, arbitrary units ≥ 0 for MR.</param>
/// <param name="Classes">Class indices of <see cref="LabelSet.WholeHeart"/>, 0 for background.</param>
public sealed record PhantomVolume(Volume<float> Image, Volume<byte> Classes);
