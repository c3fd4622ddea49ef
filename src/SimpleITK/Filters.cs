namespace itk.simple;

public class ResampleImageFilter : ImageFilter
{
    private VectorUInt32 size = new([0u, 0u, 0u]);
    private VectorDouble origin = new([0.0, 0.0, 0.0]);
    private VectorDouble spacing = new([1.0, 1.0, 1.0]);
    private VectorDouble direction = [];
    private Transform transform = new();
    private InterpolatorEnum interpolator = InterpolatorEnum.sitkLinear;
    private PixelIDValueEnum outputPixelType = PixelIDValueEnum.sitkUnknown;
    private double defaultPixelValue;
    private bool extrapolate;

    public ResampleImageFilter()
    {
    }

    public void SetSize(VectorUInt32 Size) => size = new(Size);

    public VectorUInt32 GetSize() => new(size);

    public void SetTransform(Transform Transform) => transform = Transform;

    public Transform GetTransform() => transform;

    public void SetInterpolator(InterpolatorEnum Interpolator) => interpolator = Interpolator;

    public InterpolatorEnum GetInterpolator() => interpolator;

    public void SetOutputOrigin(VectorDouble OutputOrigin) => origin = new(OutputOrigin);

    public VectorDouble GetOutputOrigin() => new(origin);

    public void SetOutputSpacing(VectorDouble OutputSpacing) => spacing = new(OutputSpacing);

    public VectorDouble GetOutputSpacing() => new(spacing);

    public void SetOutputDirection(VectorDouble OutputDirection) => direction = new(OutputDirection);

    public VectorDouble GetOutputDirection() => new(direction);

    public void SetDefaultPixelValue(double DefaultPixelValue) => defaultPixelValue = DefaultPixelValue;

    public double GetDefaultPixelValue() => defaultPixelValue;

    public void SetOutputPixelType(PixelIDValueEnum OutputPixelType) => outputPixelType = OutputPixelType;

    public PixelIDValueEnum GetOutputPixelType() => outputPixelType;

    public void SetUseNearestNeighborExtrapolator(bool UseNearestNeighborExtrapolator) =>
        extrapolate = UseNearestNeighborExtrapolator;

    public bool GetUseNearestNeighborExtrapolator() => extrapolate;

    /// <summary>Takes size and place from an image, as SimpleITK does: at once, not when executing.</summary>
    public void SetReferenceImage(Image refImage)
    {
        SetSize(refImage.GetSize());
        SetOutputOrigin(refImage.GetOrigin());
        SetOutputSpacing(refImage.GetSpacing());
        SetOutputDirection(refImage.GetDirection());
    }

    public Image Execute(Image image1)
    {
        var dimension = (int)image1.GetDimension();
        var grid = default(Header);
        grid.Dimension = dimension;
        Fill(grid.Size, [.. size.Select(value => (ulong)value)], dimension, nameof(SetSize));
        Fill(grid.Spacing, spacing.ToArray(), dimension, nameof(SetOutputSpacing));
        Fill(grid.Origin, origin.ToArray(), dimension, nameof(SetOutputOrigin));
        var identity = Enumerable.Range(0, dimension * dimension).Select(i => i % (dimension + 1) == 0 ? 1.0 : 0.0);
        Fill(
            grid.Direction,
            direction.Count == 0 ? [.. identity] : direction.ToArray(),
            dimension * dimension,
            nameof(SetOutputDirection));
        return new Image(ImageHandle.Checked(
            Native.Resample(
                image1.Handle,
                grid,
                interpolator.swigValue,
                defaultPixelValue,
                outputPixelType.swigValue,
                extrapolate ? 1 : 0),
            "ResampleImageFilter_Execute"));
    }

    private static void Fill<T>(Span<T> target, T[] values, int count, string method)
    {
        if (values.Length < count)
            throw new ApplicationException($"Exception thrown in SimpleITK ResampleImageFilter_Execute: sitk::ERROR: "
                + $"{method} was given {values.Length} values; the image needs {count}.");
        values.AsSpan(0, count).CopyTo(target);
    }
}

public class ConnectedComponentImageFilter : ImageFilter
{
    private bool fullyConnected;
    private uint objectCount;

    public ConnectedComponentImageFilter()
    {
    }

    public void SetFullyConnected(bool FullyConnected) => fullyConnected = FullyConnected;

    public void FullyConnectedOn() => fullyConnected = true;

    public void FullyConnectedOff() => fullyConnected = false;

    public bool GetFullyConnected() => fullyConnected;

    public uint GetObjectCount() => objectCount;

    public Image Execute(Image image) => new(ImageHandle.Checked(
        Native.Components(image.Handle, fullyConnected ? 1 : 0, out objectCount),
        "ConnectedComponentImageFilter_Execute"));
}

public class RelabelComponentImageFilter : ImageFilter
{
    private uint minimumObjectSize;
    private bool sortByObjectSize = true;
    private uint numberOfObjects;
    private uint originalNumberOfObjects;
    private string[] sizes = [];

    public RelabelComponentImageFilter()
    {
    }

    public void SetMinimumObjectSize(uint MinimumObjectSize) => minimumObjectSize = MinimumObjectSize;

    public uint GetMinimumObjectSize() => minimumObjectSize;

    public void SetSortByObjectSize(bool SortByObjectSize) => sortByObjectSize = SortByObjectSize;

    public void SortByObjectSizeOn() => sortByObjectSize = true;

    public void SortByObjectSizeOff() => sortByObjectSize = false;

    public bool GetSortByObjectSize() => sortByObjectSize;

    public uint GetNumberOfObjects() => numberOfObjects;

    public uint GetOriginalNumberOfObjects() => originalNumberOfObjects;

    public VectorUInt64 GetSizeOfObjectsInPixels() => new(sizes.Select(uint.Parse));

    public unsafe Image Execute(Image image1)
    {
        const string method = "RelabelComponentImageFilter_Execute";
        var counts = stackalloc uint[2];
        var result = Native.Relabel(
            image1.Handle, minimumObjectSize, sortByObjectSize ? 1 : 0, counts, out var text, out var length);
        var relabelled = new Image(ImageHandle.Checked(result, method));
        (numberOfObjects, originalNumberOfObjects) = (counts[0], counts[1]);
        sizes = Native.Strings(text, length, method);
        return relabelled;
    }
}
