namespace MkdSeg.Volumes;

/// <summary>The size of a box along the voxel axes nearest to the patient's, in mm.</summary>
/// <param name="LeftRight">From side to side.</param>
/// <param name="FrontBack">From front to back.</param>
/// <param name="HeadFoot">From head to foot.</param>
public sealed record PatientExtent(double LeftRight, double FrontBack, double HeadFoot);
