namespace MkdSeg.Metrics.Internals;

/// <summary>Encodes which of the 2×2×2 voxels around each voxel corner belong to a mask.</summary>
internal static class CornerCodes
{
    /// <summary>Codes with voxels on both sides of the surface.</summary>
    public static bool[] OnSurface { get; } = [.. Enumerable.Range(0, 256).Select(code => code is > 0 and < 255)];

    /// <summary>Computes the corner codes of a box as in <see cref="SurfelAreas"/>; there is no mask outside the box.</summary>
    public static void Fill(Volume<byte> classes, byte classIndex, VoxelBox box, byte[] codes)
    {
        var size = box.Corners;
        Array.Clear(codes, 0, checked((int)size.VoxelCount));
        for (var z = 0; z < box.Size.Z; z++)
        {
            var slice = classes.Slice(box.MinZ + z);
            for (var y = 0; y < box.Size.Y; y++)
            {
                var row = slice.Slice(((box.MinY + y) * classes.Grid.Size.X) + box.MinX, box.Size.X);
                var near = (z * size.SliceLength) + (y * size.X);
                for (var x = row.IndexOf(classIndex); x >= 0 && x < row.Length; x++)
                {
                    if (row[x] != classIndex)
                    {
                        var next = row[x..].IndexOf(classIndex);
                        if (next < 0)
                            break;
                        x += next;
                    }

                    // Seen from its lowest corner, a voxel is on the far side along all three axes: bit 7.
                    for (var corner = 0; corner < 8; corner++)
                    {
                        var (right, back, up) = (corner & 1, corner >> 1 & 1, corner >> 2);
                        var at = near + x + right + (back * size.X) + (up * size.SliceLength);
                        codes[at] |= (byte)(128 >> corner);
                    }
                }
            }
        }
    }
}
