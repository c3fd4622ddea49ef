using MkdSeg.Volumes;

namespace MkdSeg.Metrics.Internals;

/// <summary>The voxels from <c>Min</c> up to, not including, <c>End</c> on each axis.</summary>
internal readonly record struct VoxelBox(int MinX, int MinY, int MinZ, int EndX, int EndY, int EndZ)
{
    /// <summary>Voxels along each axis.</summary>
    public GridSize Size => new(EndX - MinX, EndY - MinY, EndZ - MinZ);

    /// <summary>Corners of these voxels along each axis.</summary>
    public GridSize Corners => new(EndX - MinX + 1, EndY - MinY + 1, EndZ - MinZ + 1);

    /// <summary>The smallest box around this and another one.</summary>
    public VoxelBox Around(VoxelBox other) => new(
        Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Min(MinZ, other.MinZ),
        Math.Max(EndX, other.EndX), Math.Max(EndY, other.EndY), Math.Max(EndZ, other.EndZ));
}
