namespace MkdSeg.Phantom;

/// <summary>Specifies a phantom volume. Equal requests yield bit-identical volumes.</summary>
public sealed record PhantomRequest
{
    /// <summary>The hardest <see cref="Grade"/>.</summary>
    public const int HardestGrade = 5;

    /// <summary>The seed, which determines the person and the scan.</summary>
    public ulong Seed { get; init; }

    /// <summary>CT or MR.</summary>
    public PhantomModality Modality { get; init; } = PhantomModality.Ct;

    /// <summary>The part of the body; only volumes of the thorax have labels.</summary>
    public PhantomRegion Region { get; init; } = PhantomRegion.Thorax;

    /// <summary>Field of view, voxel sizes and orientation; null to draw them for the <see cref="Size"/>.</summary>
    public PhantomScan? Scan { get; init; }

    /// <summary>The heart's field of view, or the whole thorax.</summary>
    public PhantomSize Size { get; init; } = PhantomSize.Small;

    /// <summary>How much subjects and images differ.</summary>
    public PhantomVariation Variation { get; init; } = PhantomVariation.Default;

    /// <summary>
    /// Slice spacing in mm, with all slices transverse; null for the default spacing and orientations. A
    /// <see cref="Scan"/> defines its own spacing.
    /// </summary>
    public double? SliceThicknessMm { get; init; }

    /// <summary>
    /// How much a CT is degraded: each grade removes a fifth of the scan's contrast agent and adds 25 HU of noise. From 0 (not
    /// degraded) to <see cref="HardestGrade"/> (no contrast agent at all).
    /// </summary>
    public int Grade { get; init; }
}

/// <summary>The kind of scanner to simulate.</summary>
public enum PhantomModality
{
    /// <summary>Contrast-enhanced cardiac computed tomography, Hounsfield units.</summary>
    Ct,

    /// <summary>Balanced steady-state free-precession magnetic resonance imaging, arbitrary units.</summary>
    Mr,
}

/// <summary>The part of the body that a phantom volume shows.</summary>
public enum PhantomRegion
{
    /// <summary>The heart, with as much of the surrounding thorax as the field of view covers.</summary>
    Thorax,

    /// <summary>Liver, spleen, kidneys, bowel and spine below the heart: no voxel of the heart.</summary>
    Abdomen,

    /// <summary>Neck and head above the thorax: no voxel of the heart.</summary>
    Head,
}

/// <summary>The size of phantom volumes.</summary>
public enum PhantomSize
{
    /// <summary>
    /// The heart's field of view, coarse: CT about 96×96×58 voxels of 2.2×2.2×3 mm, MR about 104×104×44 voxels of
    /// 2×2×4 mm.
    /// </summary>
    Small,

    /// <summary>The whole thorax as a scanner stores it: CT 512×512×250 voxels of about 0.7×0.7×1 mm.</summary>
    Full,
}

/// <summary>How much subjects and images vary.</summary>
public enum PhantomVariation
{
    /// <summary>One hospital: a normal spread of anatomy, one contrast protocol, one kernel.</summary>
    Default,

    /// <summary>
    /// Patients of every size and shape in one hospital: CT in the equilibrium phase, where all blood is equally bright; MR
    /// with fat suppression; hearts whose size, chambers, walls and position vary about twice as much.
    /// </summary>
    Anatomy,

    /// <summary>
    /// Many hospitals, for models that will be used on images from elsewhere: contrast of the left heart 150–550 HU and of the
    /// right heart 60–450 HU, noise 10–50 HU, slices up to 5 mm, soft to sharp kernels, larger rotations of the heart, small
    /// and large thoraxes.
    /// </summary>
    Wide,

    /// <summary>
    /// Routine chest CT of any adult, with and without contrast agent: hearts of men and women from end diastole to end
    /// systole with measured volumes, including dilated, thickened and overloaded ones, in every pose; wide aortas,
    /// effusions, consolidations, lungs full or empty, arms up or down. For models that learn from phantoms alone: CT
    /// training volumes come with a tissue map, from which training redraws their appearance.
    /// </summary>
    Clinical,
}

/// <summary>A custom field of view and voxel size, instead of those of a <see cref="PhantomSize"/>.</summary>
public sealed record PhantomScan
{
    /// <summary>Voxel sizes along the patient's left, back and head, mm.</summary>
    public required Vector3D SpacingMm { get; init; }

    /// <summary>Extent along the patient's left, back and head, mm; rounded up to whole voxels.</summary>
    public required Vector3D FieldMm { get; init; }

    /// <summary>
    /// Shift of the field along the patient's left, back and head, mm. Without a shift, the field is centred on the body in
    /// the transverse plane and on the heart along the body; a field of the abdomen ends just below the heart, a field of
    /// the head begins above the shoulders.
    /// </summary>
    public Vector3D OffsetMm { get; init; }

    /// <summary>The side of the patient that each voxel axis points to, such as "LPS".</summary>
    public string Orientation { get; init; } = "LPS";

    internal void Validate()
    {
        for (var axis = 0; axis < 3; axis++)
        {
            if (!(SpacingMm[axis] > 0) || !(FieldMm[axis] > 0) || !double.IsFinite(FieldMm[axis] / SpacingMm[axis]))
            {
                throw new UserErrorException(
                    $"A phantom with voxels of {SpacingMm[axis]} mm in a field of {FieldMm[axis]} mm was requested; both must "
                    + "be above 0.");
            }
        }

        Volumes.Orientation.RequireCode(Orientation, "phantom");
    }
}
