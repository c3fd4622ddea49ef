using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>Brings what networks found back onto the grid of the volume as it was read, all slices at once.</summary>
public static class MaskRestorer
{
    /// <summary>
    /// Interpolates class probabilities bilinearly within each slice and takes the most probable class (the lower index
    /// where two are equal); background outside the frame.
    /// </summary>
    /// <param name="probabilities">Probabilities on the network frame.</param>
    /// <param name="original">The grid of the volume as it was read.</param>
    /// <returns>Class indices on the original grid.</returns>
    /// <exception cref="ArgumentException">The frame does not belong to the grid.</exception>
    public static Volume<byte> Restore(ProbabilityVolume probabilities, Grid original)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var restoration = new MaskRestoration(probabilities.Grid, original);
        Parallel.For(
            0,
            probabilities.Grid.Size.Z,
            z => restoration.AddProbabilities(z, probabilities.Slice(z), probabilities.ClassCount));
        return restoration.Finish();
    }

    /// <summary>Gives every voxel the class of the nearest pixel of its slice; background outside the frame.</summary>
    /// <param name="classes">Class indices on the network frame.</param>
    /// <param name="original">The grid of the volume as it was read.</param>
    /// <returns>Class indices on the original grid.</returns>
    /// <exception cref="ArgumentException">The frame does not belong to the grid.</exception>
    public static Volume<byte> Restore(Volume<byte> classes, Grid original)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var restoration = new MaskRestoration(classes.Grid, original);
        Parallel.For(0, classes.Grid.Size.Z, z => restoration.AddClasses(z, classes.Slice(z)));
        return restoration.Finish();
    }
}
