namespace MkdSeg.Volumes;

/// <summary>
/// The direction cosines of a grid: column i is the unit vector, in the patient's LPS axes (x to the left, y to the
/// back, z to the head, as in DICOM and ITK), along which voxel axis i runs.
/// </summary>
public sealed record Direction(Vector3D AxisX, Vector3D AxisY, Vector3D AxisZ)
{
    /// <summary>
    /// Voxel axes run to the patient's left, back and head: transverse slices from feet to head ("LPS").
    /// </summary>
    public static Direction Identity { get; } = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1));

    /// <summary>The unit vector of voxel axis 0, 1 or 2.</summary>
    public Vector3D this[int axis] => axis switch
    {
        0 => AxisX,
        1 => AxisY,
        2 => AxisZ,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "The axis must be 0, 1 or 2."),
    };

    /// <summary>+1 for a right-handed frame, −1 for a left-handed one, near 0 for a singular one.</summary>
    public double Determinant => AxisX.Dot(AxisY.Cross(AxisZ));

    /// <summary>Returns the nine cosines row by row, as ITK stores a direction matrix.</summary>
    public double[] ToRowMajor() =>
        [AxisX.X, AxisY.X, AxisZ.X, AxisX.Y, AxisY.Y, AxisZ.Y, AxisX.Z, AxisY.Z, AxisZ.Z];

    /// <summary>Creates a direction from its nine cosines, given row by row.</summary>
    public static Direction FromRowMajor(ReadOnlySpan<double> cosines) => new(
        new(cosines[0], cosines[3], cosines[6]),
        new(cosines[1], cosines[4], cosines[7]),
        new(cosines[2], cosines[5], cosines[8]));
}
