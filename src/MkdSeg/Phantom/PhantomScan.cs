using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.Phantom;

/// <summary>A field of view and voxels as the caller wants them, instead of those of a <see cref="PhantomSize"/>.</summary>
public sealed record PhantomScan
{
    /// <summary>Voxel sizes along the patient's left, back and head, mm.</summary>
    public required Vector3D SpacingMm { get; init; }

    /// <summary>Extent along the patient's left, back and head, mm; rounded up to whole voxels.</summary>
    public required Vector3D FieldMm { get; init; }

    /// <summary>
    /// Shift of the field along the patient's left, back and head, mm. Unshifted, its middle is that of the body in the
    /// transverse plane, and along the body that of the heart; an abdomen's field ends just below the heart, a head's
    /// begins above the shoulders.
    /// </summary>
    public Vector3D OffsetMm { get; init; }

    /// <summary>Towards which side of the patient each voxel axis runs, such as "LPS".</summary>
    public string Orientation { get; init; } = "LPS";

    internal void Validate()
    {
        for (var axis = 0; axis < 3; axis++)
        {
            if (!(SpacingMm[axis] > 0) || !(FieldMm[axis] > 0) || !double.IsFinite(FieldMm[axis] / SpacingMm[axis]))
            {
                throw new UserErrorException(
                    $"A phantom of voxels of {SpacingMm[axis]} mm in a field of {FieldMm[axis]} mm was asked for; both must "
                    + "be above 0.");
            }
        }

        if (!Volumes.Orientation.IsCode(Orientation))
        {
            throw new UserErrorException(
                $"A phantom of the orientation '{Orientation}' was asked for; give one letter of each pair R/L, A/P and I/S, "
                + "such as LPS.");
        }
    }
}
