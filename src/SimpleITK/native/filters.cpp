// Filters that ITK offers as templates, instantiated for as few types as give the same results.
#include "filters.h"

#include <limits>
#include <type_traits>

#include <itkBSplineInterpolateImageFunction.h>
#include <itkBinaryFillholeImageFilter.h>
#include <itkConnectedComponentImageFilter.h>
#include <itkIdentityTransform.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkNearestNeighborExtrapolateImageFunction.h>
#include <itkNearestNeighborInterpolateImageFunction.h>
#include <itkRelabelComponentImageFilter.h>
#include <itkResampleImageFilter.h>
#include <itkSignedMaurerDistanceMapImageFilter.h>

namespace sitk
{
namespace
{
template <class T, unsigned D> typename itk::Image<T, D>::Pointer Wrap(const Image & image)
{
    using Type = itk::Image<T, D>;
    auto result = Type::New();
    typename Type::SizeType      size;
    typename Type::SpacingType   spacing;
    typename Type::PointType     origin;
    typename Type::DirectionType direction;
    for (unsigned i = 0; i < D; ++i)
    {
        size[i] = image.size[i];
        spacing[i] = image.spacing[i];
        origin[i] = image.origin[i];
        for (unsigned j = 0; j < D; ++j)
            direction[i][j] = image.direction[i * D + j];
    }
    result->SetRegions(size);
    result->SetSpacing(spacing);
    result->SetOrigin(origin);
    result->SetDirection(direction);
    result->GetPixelContainer()->SetImportPointer(Data<T>(image), image.Pixels(), false);
    return result;
}

// The result of a filter on the grid of `grid`.
template <class T, unsigned D> ImagePtr Adopt(itk::Image<T, D> * filtered, const Header & grid, int pixelId)
{
    auto result = std::make_unique<Image>();
    static_cast<Header &>(*result) = grid;
    result->pixelId = pixelId;
    result->components = 1;
    result->bytes = result->Pixels() * sizeof(T);
    result->data = filtered->GetBufferPointer();
    result->owner = filtered->GetPixelContainer();
    return result;
}

template <unsigned D> using DimensionTag = std::integral_constant<unsigned, D>;

template <class F> auto VisitDimension(const Image & image, F && f)
{
    if (image.IsVector())
        throw Error("Filter does not support vector images.");
    if (image.dimension == 2)
        return f(DimensionTag<2>());
    if (image.dimension == 3)
        return f(DimensionTag<3>());
    throw Unsupported("filters on images of " + std::to_string(image.dimension) + " dimensions");
}

void RequireInteger(const Image & image)
{
    if (image.IsVector() || image.pixelId >= Float32)
        throw Error("Filter does not support this pixel type: an integer one is needed.");
}

template <class Predicate> ImagePtr Binary(const Image & image, Predicate predicate, uint8_t inside, uint8_t outside)
{
    auto result = NewImage(image, UInt8);
    Visit(image.pixelId, [&](auto tag) {
        using T = typename decltype(tag)::Type;
        std::transform(Data<T>(image), Data<T>(image) + image.Pixels(), Data<uint8_t>(*result),
                       [&](T value) { return predicate(value) ? inside : outside; });
    });
    return result;
}

template <class T, unsigned D>
ImagePtr ResampleTyped(const Image & image, const Header & grid, int interpolator, double fill, bool extrapolate)
{
    using Type = itk::Image<T, D>;
    auto filter = itk::ResampleImageFilter<Type, Type, double, double>::New();
    auto reference = Image();
    static_cast<Header &>(reference) = grid;
    filter->SetInput(Wrap<T, D>(image));
    filter->SetTransform(itk::IdentityTransform<double, D>::New());
    const auto like = Wrap<T, D>(reference);
    filter->SetSize(like->GetLargestPossibleRegion().GetSize());
    filter->SetOutputSpacing(like->GetSpacing());
    filter->SetOutputOrigin(like->GetOrigin());
    filter->SetOutputDirection(like->GetDirection());
    filter->SetDefaultPixelValue(static_cast<T>(fill));
    switch (interpolator)
    {
        case 1: filter->SetInterpolator(itk::NearestNeighborInterpolateImageFunction<Type, double>::New()); break;
        case 2: filter->SetInterpolator(itk::LinearInterpolateImageFunction<Type, double>::New()); break;
        case 3: filter->SetInterpolator(itk::BSplineInterpolateImageFunction<Type, double, double>::New()); break;
        default: throw Unsupported("the interpolator with the value " + std::to_string(interpolator));
    }
    if (extrapolate)
        filter->SetExtrapolator(itk::NearestNeighborExtrapolateImageFunction<Type, double>::New());
    filter->Update();
    return Adopt<T, D>(filter->GetOutput(), grid, image.pixelId);
}
} // namespace

// Directly for the types volumes have; for others in double precision, in which ITK interpolates anyway, followed by
// ITK's own conversion (clamped to the type's range, then truncated).
ImagePtr Resample(const Image & image, const Header & grid, int interpolator, double fill, bool extrapolate)
{
    return VisitDimension(image, [&](auto tag) -> ImagePtr {
        constexpr unsigned D = decltype(tag)::value;
        if constexpr (D == 3)
        {
            switch (image.pixelId)
            {
                case UInt8: return ResampleTyped<uint8_t, D>(image, grid, interpolator, fill, extrapolate);
                case UInt16: return ResampleTyped<uint16_t, D>(image, grid, interpolator, fill, extrapolate);
                case Int16: return ResampleTyped<int16_t, D>(image, grid, interpolator, fill, extrapolate);
                case Float32: return ResampleTyped<float, D>(image, grid, interpolator, fill, extrapolate);
                default: break;
            }
        }
        if (image.pixelId == UInt64 || image.pixelId == Int64)
            throw Unsupported("resampling 64-bit integers");
        if (image.pixelId == Float64)
            return ResampleTyped<double, D>(image, grid, interpolator, fill, extrapolate);
        return Visit(image.pixelId, [&](auto type) {
            using T = typename decltype(type)::Type;
            const auto wide = ResampleTyped<double, D>(*CastTo(image, Float64), grid, interpolator,
                                                       static_cast<double>(static_cast<T>(fill)), extrapolate);
            auto result = NewImage(*wide, image.pixelId);
            constexpr auto low = static_cast<double>(std::numeric_limits<T>::lowest());
            constexpr auto high = static_cast<double>(std::numeric_limits<T>::max());
            std::transform(Data<double>(*wide), Data<double>(*wide) + wide->Pixels(), Data<T>(*result),
                           [=](double value) { return static_cast<T>(std::clamp(value, low, high)); });
            return result;
        });
    });
}

ImagePtr ConnectedComponent(const Image & image, bool fully, uint32_t & count)
{
    RequireInteger(image);
    const auto mask = Binary(image, [](auto value) { return value != 0; }, 1, 0);
    return VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        auto filter = itk::ConnectedComponentImageFilter<itk::Image<uint8_t, D>, itk::Image<uint32_t, D>>::New();
        filter->SetInput(Wrap<uint8_t, D>(*mask));
        filter->SetFullyConnected(fully);
        filter->Update();
        count = static_cast<uint32_t>(filter->GetObjectCount());
        return Adopt<uint32_t, D>(filter->GetOutput(), image, UInt32);
    });
}

ImagePtr RelabelComponent(const Image & image, uint64_t minimum, bool sort, uint32_t * counts,
                          std::vector<uint64_t> & sizes)
{
    RequireInteger(image);
    Visit(image.pixelId, [&](auto type) {
        using T = typename decltype(type)::Type;
        if (std::any_of(Data<T>(image), Data<T>(image) + image.Pixels(),
                        [](T value) { return value < 0 || sizeof(T) > 4; }))
            throw Unsupported("relabelling negative or 64-bit labels");
    });
    const auto labels = CastTo(image, UInt32);
    const auto result = VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        using Type = itk::Image<uint32_t, D>;
        auto filter = itk::RelabelComponentImageFilter<Type, Type>::New();
        filter->InPlaceOff();
        filter->SetInput(Wrap<uint32_t, D>(*labels));
        filter->SetMinimumObjectSize(minimum);
        filter->SetSortByObjectSize(sort);
        filter->Update();
        counts[0] = static_cast<uint32_t>(filter->GetNumberOfObjects());
        counts[1] = static_cast<uint32_t>(filter->GetOriginalNumberOfObjects());
        for (auto size : filter->GetSizeOfObjectsInPixels())
            sizes.push_back(size);
        return Adopt<uint32_t, D>(filter->GetOutput(), image, UInt32);
    });
    return CastTo(*result, image.pixelId);
}

ImagePtr MaurerDistance(const Image & image, bool insidePositive, bool squared, bool spacing, double background)
{
    RequireInteger(image);
    const auto isInside = [=](auto value) { return value != static_cast<decltype(value)>(background); };
    const auto mask = Binary(image, isInside, 1, 0);
    return VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        auto filter = itk::SignedMaurerDistanceMapImageFilter<itk::Image<uint8_t, D>, itk::Image<float, D>>::New();
        filter->SetInput(Wrap<uint8_t, D>(*mask));
        filter->SetInsideIsPositive(insidePositive);
        filter->SetSquaredDistance(squared);
        filter->SetUseImageSpacing(spacing);
        filter->Update();
        return Adopt<float, D>(filter->GetOutput(), image, Float32);
    });
}

ImagePtr FillHoles(const Image & image, bool fully, double foreground)
{
    if (image.pixelId != UInt8)
        throw Unsupported("BinaryFillhole on another pixel type than UInt8");
    return VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        auto filter = itk::BinaryFillholeImageFilter<itk::Image<uint8_t, D>>::New();
        filter->SetInput(Wrap<uint8_t, D>(image));
        filter->SetFullyConnected(fully);
        filter->SetForegroundValue(static_cast<uint8_t>(foreground));
        filter->Update();
        return Adopt<uint8_t, D>(filter->GetOutput(), image, UInt8);
    });
}

ImagePtr Threshold(const Image & image, double lower, double upper, uint8_t inside, uint8_t outside)
{
    if (image.IsVector())
        throw Error("Filter does not support vector images.");
    return Binary(
        image,
        [=](auto value) {
            using T = decltype(value);
            const double high = static_cast<double>(std::numeric_limits<T>::max());
            const double low = static_cast<double>(std::numeric_limits<T>::lowest());
            const T      from = lower <= low ? std::numeric_limits<T>::lowest() : static_cast<T>(lower);
            const T      to = upper >= high ? std::numeric_limits<T>::max() : static_cast<T>(upper);
            return lower <= high && upper >= low && value >= from && value <= to;
        },
        inside, outside);
}
} // namespace sitk
