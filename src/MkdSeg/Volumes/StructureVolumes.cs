namespace MkdSeg.Volumes;

/// <summary>Volumes of structures.</summary>
public static class StructureVolumes
{
    /// <summary>Returns the volume of every structure in mL: its voxel count times the voxel volume.</summary>
    /// <param name="classes">Class indices.</param>
    /// <param name="classCount">Number of classes, including background.</param>
    /// <returns>Element i is the volume of class i + 1.</returns>
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
                $"The mask contains class index {beyond + classCount}, but there are {classCount - 1} structures; specify "
                + "the label set with which the mask was created.");
        }

        var volumes = new double[classCount - 1];
        for (var i = 0; i < volumes.Length; i++)
            volumes[i] = counts[i + 1] * classes.Grid.VoxelMl;
        return volumes;
    }
}

/// <summary>The size of a box along the voxel axes closest to the patient's axes, in mm.</summary>
/// <param name="LeftRight">From side to side.</param>
/// <param name="FrontBack">From front to back.</param>
/// <param name="HeadFoot">From head to foot.</param>
public sealed record PatientExtent(double LeftRight, double FrontBack, double HeadFoot);
