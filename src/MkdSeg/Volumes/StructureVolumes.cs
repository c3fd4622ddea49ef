namespace MkdSeg.Volumes;

/// <summary>How large structures are.</summary>
public static class StructureVolumes
{
    /// <summary>The volume of every structure in mL: its voxels times a voxel's volume.</summary>
    /// <param name="classes">Class indices.</param>
    /// <param name="classCount">Number of classes with background.</param>
    /// <returns>Element i belongs to class i + 1.</returns>
    /// <exception cref="UserErrorException">A class index is not below the class count.</exception>
    public static double[] InMl(Volume<byte> classes, int classCount)
    {
        ArgumentNullException.ThrowIfNull(classes);
        Span<long> counts = stackalloc long[256];
        counts.Clear();
        foreach (var index in classes.Voxels)
            counts[index]++;
        if (counts[classCount..].IndexOfAnyExcept(0) is >= 0 and var beyond)
        {
            throw new UserErrorException(
                $"The mask has the class index {beyond + classCount}, and there are {classCount - 1} structures; name the "
                + "label set that the mask was made with.");
        }

        var volumes = new double[classCount - 1];
        for (var i = 0; i < volumes.Length; i++)
            volumes[i] = counts[i + 1] * classes.Grid.VoxelMl;
        return volumes;
    }
}

/// <summary>The size of a box along the voxel axes nearest to the patient's, in mm.</summary>
/// <param name="LeftRight">From side to side.</param>
/// <param name="FrontBack">From front to back.</param>
/// <param name="HeadFoot">From head to foot.</param>
public sealed record PatientExtent(double LeftRight, double FrontBack, double HeadFoot);
