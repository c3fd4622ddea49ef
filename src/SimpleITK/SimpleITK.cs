namespace itk.simple;

public static class SimpleITK
{
    public static string GetPixelIDValueAsString(PixelIDValueEnum type) => GetPixelIDValueAsString(type.swigValue);

    public static string GetPixelIDValueAsString(int type)
    {
        string[] names =
        [
            "8-bit unsigned integer", "8-bit signed integer", "16-bit unsigned integer", "16-bit signed integer",
            "32-bit unsigned integer", "32-bit signed integer", "64-bit unsigned integer", "64-bit signed integer",
            "32-bit float", "64-bit float", "complex of 32-bit float", "complex of 64-bit float",
        ];
        var vector = PixelIDValueEnum.sitkVectorUInt8.swigValue;
        return type < 0 || type >= vector + 10 ? "Unknown pixel id"
            : type < vector ? names[type]
            : "vector of " + names[type - vector];
    }

    public static Image ReadImage(string filename) => ReadImage(filename, PixelIDValueEnum.sitkUnknown);

    public static Image ReadImage(string filename, PixelIDValueEnum outputPixelType) =>
        ReadImage(filename, outputPixelType, string.Empty);

    public static Image ReadImage(string filename, PixelIDValueEnum outputPixelType, string imageIO)
    {
        using var reader = new ImageFileReader();
        reader.SetFileName(filename);
        reader.SetOutputPixelType(outputPixelType);
        reader.SetImageIO(imageIO);
        return reader.Execute();
    }

    public static Image ReadImage(VectorString fileNames) => ReadImage(fileNames, PixelIDValueEnum.sitkUnknown);

    public static Image ReadImage(VectorString fileNames, PixelIDValueEnum outputPixelType) =>
        ReadImage(fileNames, outputPixelType, string.Empty);

    public static Image ReadImage(VectorString fileNames, PixelIDValueEnum outputPixelType, string imageIO)
    {
        using var reader = new ImageSeriesReader();
        reader.SetFileNames(fileNames);
        reader.SetOutputPixelType(outputPixelType);
        reader.SetImageIO(imageIO);
        return reader.Execute();
    }

    public static void WriteImage(Image image, string fileName) => WriteImage(image, fileName, false);

    public static void WriteImage(Image image, string fileName, bool useCompression) =>
        WriteImage(image, fileName, useCompression, -1);

    public static void WriteImage(Image image, string fileName, bool useCompression, int compressionLevel)
    {
        using var writer = new ImageFileWriter();
        writer.Execute(image, fileName, useCompression, compressionLevel);
    }

    public static Image Cast(Image image, PixelIDValueEnum pixelID) =>
        new(ImageHandle.Checked(Native.Cast(image.Handle, pixelID.swigValue), "Cast"));

    public static Image DICOMOrient(Image image1) => DICOMOrient(image1, "LPS");

    public static Image DICOMOrient(Image image1, string desiredCoordinateOrientation) =>
        new(ImageHandle.Checked(Native.Orient(image1.Handle, desiredCoordinateOrientation), "DICOMOrient"));

    public static Image RegionOfInterest(Image image1, VectorUInt32 size, VectorInt32 index)
    {
        if (size.Count < image1.GetDimension() || index.Count < image1.GetDimension())
            throw new ApplicationException("Exception thrown in SimpleITK RegionOfInterest: sitk::ERROR: "
                + "Size and index need a value for each dimension of the image.");
        return new(ImageHandle.Checked(
            Native.Region(image1.Handle, size.ToArray(), index.ToArray()), "RegionOfInterest"));
    }

    public static Image Resample(Image image1, Image referenceImage) =>
        Resample(image1, referenceImage, new Transform());

    public static Image Resample(Image image1, Image referenceImage, Transform transform) =>
        Resample(image1, referenceImage, transform, InterpolatorEnum.sitkLinear);

    public static Image Resample(
        Image image1, Image referenceImage, Transform transform, InterpolatorEnum interpolator) =>
        Resample(image1, referenceImage, transform, interpolator, 0.0);

    public static Image Resample(
        Image image1,
        Image referenceImage,
        Transform transform,
        InterpolatorEnum interpolator,
        double defaultPixelValue) =>
        Resample(
            image1, referenceImage, transform, interpolator, defaultPixelValue, PixelIDValueEnum.sitkUnknown);

    public static Image Resample(
        Image image1,
        Image referenceImage,
        Transform transform,
        InterpolatorEnum interpolator,
        double defaultPixelValue,
        PixelIDValueEnum outputPixelType) =>
        Resample(image1, referenceImage, transform, interpolator, defaultPixelValue, outputPixelType, false);

    public static Image Resample(
        Image image1,
        Image referenceImage,
        Transform transform,
        InterpolatorEnum interpolator,
        double defaultPixelValue,
        PixelIDValueEnum outputPixelType,
        bool useNearestNeighborExtrapolator) =>
        Resample(
            image1,
            referenceImage.GetSize(),
            transform,
            interpolator,
            referenceImage.GetOrigin(),
            referenceImage.GetSpacing(),
            referenceImage.GetDirection(),
            defaultPixelValue,
            outputPixelType,
            useNearestNeighborExtrapolator);

    public static Image Resample(
        Image image1,
        VectorUInt32 size,
        Transform transform,
        InterpolatorEnum interpolator,
        VectorDouble outputOrigin,
        VectorDouble outputSpacing,
        VectorDouble outputDirection) =>
        Resample(image1, size, transform, interpolator, outputOrigin, outputSpacing, outputDirection, 0.0);

    public static Image Resample(
        Image image1,
        VectorUInt32 size,
        Transform transform,
        InterpolatorEnum interpolator,
        VectorDouble outputOrigin,
        VectorDouble outputSpacing,
        VectorDouble outputDirection,
        double defaultPixelValue) =>
        Resample(
            image1,
            size,
            transform,
            interpolator,
            outputOrigin,
            outputSpacing,
            outputDirection,
            defaultPixelValue,
            PixelIDValueEnum.sitkUnknown);

    public static Image Resample(
        Image image1,
        VectorUInt32 size,
        Transform transform,
        InterpolatorEnum interpolator,
        VectorDouble outputOrigin,
        VectorDouble outputSpacing,
        VectorDouble outputDirection,
        double defaultPixelValue,
        PixelIDValueEnum outputPixelType) =>
        Resample(
            image1,
            size,
            transform,
            interpolator,
            outputOrigin,
            outputSpacing,
            outputDirection,
            defaultPixelValue,
            outputPixelType,
            false);

    public static Image Resample(
        Image image1,
        VectorUInt32 size,
        Transform transform,
        InterpolatorEnum interpolator,
        VectorDouble outputOrigin,
        VectorDouble outputSpacing,
        VectorDouble outputDirection,
        double defaultPixelValue,
        PixelIDValueEnum outputPixelType,
        bool useNearestNeighborExtrapolator)
    {
        using var filter = new ResampleImageFilter();
        filter.SetSize(size);
        filter.SetTransform(transform);
        filter.SetInterpolator(interpolator);
        filter.SetOutputOrigin(outputOrigin);
        filter.SetOutputSpacing(outputSpacing);
        filter.SetOutputDirection(outputDirection);
        filter.SetDefaultPixelValue(defaultPixelValue);
        filter.SetOutputPixelType(outputPixelType);
        filter.SetUseNearestNeighborExtrapolator(useNearestNeighborExtrapolator);
        return filter.Execute(image1);
    }

    public static Image ConnectedComponent(Image image) => ConnectedComponent(image, false);

    public static Image ConnectedComponent(Image image, bool fullyConnected)
    {
        using var filter = new ConnectedComponentImageFilter();
        filter.SetFullyConnected(fullyConnected);
        return filter.Execute(image);
    }

    public static Image RelabelComponent(Image image1) => RelabelComponent(image1, 0);

    public static Image RelabelComponent(Image image1, uint minimumObjectSize) =>
        RelabelComponent(image1, minimumObjectSize, true);

    public static Image RelabelComponent(Image image1, uint minimumObjectSize, bool sortByObjectSize)
    {
        using var filter = new RelabelComponentImageFilter();
        filter.SetMinimumObjectSize(minimumObjectSize);
        filter.SetSortByObjectSize(sortByObjectSize);
        return filter.Execute(image1);
    }

    public static Image BinaryThreshold(Image image1) => BinaryThreshold(image1, 0.0);

    public static Image BinaryThreshold(Image image1, double lowerThreshold) =>
        BinaryThreshold(image1, lowerThreshold, 255.0);

    public static Image BinaryThreshold(Image image1, double lowerThreshold, double upperThreshold) =>
        BinaryThreshold(image1, lowerThreshold, upperThreshold, 1);

    public static Image BinaryThreshold(
        Image image1, double lowerThreshold, double upperThreshold, byte insideValue) =>
        BinaryThreshold(image1, lowerThreshold, upperThreshold, insideValue, 0);

    public static Image BinaryThreshold(
        Image image1, double lowerThreshold, double upperThreshold, byte insideValue, byte outsideValue) =>
        new(ImageHandle.Checked(
            Native.Threshold(image1.Handle, lowerThreshold, upperThreshold, insideValue, outsideValue),
            "BinaryThreshold"));

    public static Image BinaryFillhole(Image image1) => BinaryFillhole(image1, false);

    public static Image BinaryFillhole(Image image1, bool fullyConnected) =>
        BinaryFillhole(image1, fullyConnected, 1.0);

    public static Image BinaryFillhole(Image image1, bool fullyConnected, double foregroundValue) =>
        new(ImageHandle.Checked(
            Native.FillHole(image1.Handle, fullyConnected ? 1 : 0, foregroundValue), "BinaryFillhole"));

    public static Image SignedMaurerDistanceMap(Image image1) => SignedMaurerDistanceMap(image1, false);

    public static Image SignedMaurerDistanceMap(Image image1, bool insideIsPositive) =>
        SignedMaurerDistanceMap(image1, insideIsPositive, true);

    public static Image SignedMaurerDistanceMap(Image image1, bool insideIsPositive, bool squaredDistance) =>
        SignedMaurerDistanceMap(image1, insideIsPositive, squaredDistance, false);

    public static Image SignedMaurerDistanceMap(
        Image image1, bool insideIsPositive, bool squaredDistance, bool useImageSpacing) =>
        SignedMaurerDistanceMap(image1, insideIsPositive, squaredDistance, useImageSpacing, 0.0);

    public static Image SignedMaurerDistanceMap(
        Image image1, bool insideIsPositive, bool squaredDistance, bool useImageSpacing, double backgroundValue) =>
        new(ImageHandle.Checked(
            Native.Maurer(
                image1.Handle,
                insideIsPositive ? 1 : 0,
                squaredDistance ? 1 : 0,
                useImageSpacing ? 1 : 0,
                backgroundValue),
            "SignedMaurerDistanceMap"));
}
