using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>A volume as networks see it, and where it came from.</summary>
/// <param name="Input">Intensities in [-1, 1] on the network frame.</param>
/// <param name="Original">The grid of the volume as it was read; masks go back there.</param>
/// <param name="Oriented">The same voxels in canonical orientation.</param>
public sealed record PreparedVolume(Volume<float> Input, Grid Original, Grid Oriented);
