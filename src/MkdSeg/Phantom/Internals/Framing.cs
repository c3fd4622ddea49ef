namespace MkdSeg.Phantom.Internals;

/// <summary>
/// The field of view: the grid in the person's own coordinates, and the same grid as stored.
/// </summary>
internal sealed record Framing(Grid Anatomy, Grid Stored)
{
    // Lower end of the head's field of view.
    private const double NeckMm = 215;

    // A field of the abdomen ends this far below the heart's lowest labelled voxel, in addition to the margin of HeartLow.
    private const double BelowHeartMm = 4;

    /// <summary>
    /// Chooses a field of view that contains the whole heart, its voxel sizes, and the order and direction of its voxel axes;
    /// or uses the field specified in the request, or the field of another part of the body.
    /// </summary>
    public static Framing Choose(PhantomAnatomy anatomy, PhantomRequest request, SeededRandom random)
    {
        if (request.Scan is not null || request.Region != PhantomRegion.Thorax)
            return Place(anatomy, request, random);
        var direction = DirectionOf(request, random);
        var (spacing, usual) = Voxels(request, random);
        var whole = request.Size == PhantomSize.Full && request.Modality == PhantomModality.Ct;
        var centre = (anatomy.HeartLow + anatomy.HeartHigh) * 0.5;
        var extent = anatomy.HeartHigh - anatomy.HeartLow;
        Span<int> size = stackalloc int[3];
        var middle = new Vector3D(0, 0, 0);
        var toFirst = new Vector3D(0, 0, 0);
        for (var axis = 0; axis < 3; axis++)
        {
            var way = direction[axis];
            var needed = Math.Abs(extent.Dot(way)) + spacing[axis];
            size[axis] = Math.Max(usual[axis], (int)Math.Ceiling(needed / spacing[axis]));
            var field = size[axis] * spacing[axis];
            var slack = Math.Min((field - needed) / 2, 12);
            var target = (whole && Math.Abs(way.Z) < 0.5 ? anatomy.BodyCentre : centre).Dot(way);
            middle += way * (target + random.Uniform(-slack, slack));
            toFirst += way * ((size[axis] - 1) * spacing[axis] * -0.5);
        }

        return Store(
            new(new GridSize(size[0], size[1], size[2]), spacing, middle + toFirst, direction), random);
    }

    private static Framing Store(Grid grid, SeededRandom random)
    {
        var table = new Vector3D(random.Uniform(-20, 20), random.Uniform(-200, -100), random.Uniform(-500, 500));
        return new(grid, new(grid.Size, grid.SpacingMm, grid.OriginMm + table, grid.Direction));
    }

    private static Framing Place(PhantomAnatomy anatomy, PhantomRequest request, SeededRandom random)
    {
        var scan = request.Scan ?? UsualScan(request, random);
        scan.Validate();
        var size = new GridSize(Count(0), Count(1), Count(2));
        var field = new Vector3D(size.X * scan.SpacingMm.X, size.Y * scan.SpacingMm.Y, size.Z * scan.SpacingMm.Z);
        var body = anatomy.BodyCentre;
        var z = request.Region switch
        {
            PhantomRegion.Abdomen => anatomy.HeartLow.Z - BelowHeartMm - (field.Z / 2),
            PhantomRegion.Head => NeckMm + (field.Z / 2),
            _ => (anatomy.HeartLow.Z + anatomy.HeartHigh.Z) / 2,
        };
        var first = new Vector3D(body.X, body.Y, z) + scan.OffsetMm - ((field - scan.SpacingMm) * 0.5);
        return Store(Orientation.Reorient(new Grid(size, scan.SpacingMm, first, Direction.Identity), scan.Orientation), random);

        int Count(int axis) => (int)Math.Ceiling((scan.FieldMm[axis] / scan.SpacingMm[axis]) - 1e-9);
    }

    private static PhantomScan UsualScan(PhantomRequest request, SeededRandom random)
    {
        var direction = DirectionOf(request, random);
        var (spacing, size) = Voxels(request, random);
        var usual = Orientation.Reorient(new Grid(size, spacing, default, direction), "LPS");
        return new()
        {
            SpacingMm = usual.SpacingMm,
            FieldMm = new(
                usual.Size.X * usual.SpacingMm.X, usual.Size.Y * usual.SpacingMm.Y, usual.Size.Z * usual.SpacingMm.Z),
            Orientation = Orientation.Of(new Grid(size, spacing, default, direction)),
        };
    }

    private static (Vector3D SpacingMm, GridSize Size) Voxels(PhantomRequest request, SeededRandom random)
    {
        var wide = request.Variation is PhantomVariation.Wide or PhantomVariation.Clinical;
        var (inPlane, slice) = (random.Normal(1, wide ? 0.07 : 0.03), random.Normal(1, 0.04));
        var thick = wide ? random.Uniform(2, 5) : 3;
        var given = request.SliceThicknessMm;
        return (request.Modality, request.Size) switch
        {
            (PhantomModality.Ct, PhantomSize.Small) => Of(2.2 * inPlane, thick * slice, 96, 168),
            (PhantomModality.Ct, _) => Of(0.7 * inPlane, 0.95 * slice, 512, 238),
            (_, PhantomSize.Small) => Of(2 * inPlane, 4 * slice, 104, 168),
            _ => Of(1.05 * inPlane, 1.6 * slice, 288, 200),
        };

        // Rounded to hundredths of a millimetre, as in protocols.
        (Vector3D, GridSize) Of(double plane, double slice, int count, double fieldAcrossSlicesMm)
        {
            (plane, slice) = (Math.Round(plane, 2), given ?? Math.Round(slice, 2));
            return (new(plane, plane, slice), new(count, count, (int)Math.Round(fieldAcrossSlicesMm / slice)));
        }
    }

    // CT is always transverse; coronal and sagittal MR would have thin transverse slices.
    private static Direction DirectionOf(PhantomRequest request, SeededRandom random) =>
        request.Modality == PhantomModality.Ct || request.SliceThicknessMm is not null
            ? CtDirection(random)
            : MrDirection(random);

    private static Direction CtDirection(SeededRandom random) => random.NextInt(10) switch
    {
        < 6 => Direction.Identity,
        6 or 7 => new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1)),
        8 => new(new(-1, 0, 0), new(0, 1, 0), new(0, 0, 1)),
        _ => new(new(1, 0, 0), new(0, 1, 0), new(0, 0, -1)),
    };

    private static Direction MrDirection(SeededRandom random) => random.NextInt(10) switch
    {
        < 3 => Direction.Identity,
        3 => new(new(-1, 0, 0), new(0, -1, 0), new(0, 0, 1)),
        4 or 5 => new(new(1, 0, 0), new(0, 0, -1), new(0, 1, 0)), // coronal slices, front to back
        6 or 7 => new(new(1, 0, 0), new(0, 0, 1), new(0, -1, 0)), // coronal slices, back to front
        8 => new(new(0, 1, 0), new(0, 0, -1), new(-1, 0, 0)),     // sagittal slices, left to right
        _ => new(new(0, 1, 0), new(0, 0, 1), new(1, 0, 0)),       // sagittal slices, right to left
    };
}
