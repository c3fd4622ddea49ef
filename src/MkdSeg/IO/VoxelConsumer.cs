namespace MkdSeg.IO;

/// <summary>Takes voxels as they are read, from first to last; the span is valid during the call only.</summary>
/// <param name="start">Index in the volume of the first value.</param>
/// <param name="values">Values with the file's scaling applied.</param>
internal delegate void VoxelConsumer(int start, ReadOnlySpan<float> values);
