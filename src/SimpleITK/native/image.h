// An image is untyped here (a buffer and its geometry), because ITK's readers and writers are.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <itkImportImageContainer.h>
#include <itkMetaDataDictionary.h>

namespace sitk
{
constexpr unsigned MaxDimension = 5;

// Values of SimpleITK's PixelIDValueEnum; a vector type is its component's value plus FirstVector.
enum PixelId
{
    Unknown = -1,
    UInt8 = 0, Int8, UInt16, Int16, UInt32, Int32, UInt64, Int64, Float32, Float64,
    FirstVector = 12,
    EndVector = 22
};

// What SimpleITK can do and this bridge cannot, as opposed to an error of SimpleITK.
struct Unsupported : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// SimpleITK's own errors; ITK's carry their own prefix.
inline std::runtime_error Error(const std::string & what) { return std::runtime_error("sitk::ERROR: " + what); }

// Blittable; SimpleITKCSharpManaged/Native.cs has the same layout.
struct Header
{
    int32_t  dimension = 0;
    int32_t  pixelId = Unknown;
    uint32_t components = 1;
    uint32_t reserved = 0;
    uint64_t bytes = 0;
    void *   data = nullptr;
    uint64_t size[MaxDimension] = {};
    double   spacing[MaxDimension] = {};
    double   origin[MaxDimension] = {};
    double   direction[MaxDimension * MaxDimension] = {}; // row by row, dimension columns

    bool IsVector() const { return pixelId >= FirstVector && pixelId < EndVector; }
    int  ComponentId() const { return IsVector() ? pixelId - FirstVector : pixelId; }
    uint64_t Pixels() const
    {
        uint64_t count = 1;
        for (int i = 0; i < dimension; ++i)
            count *= size[i];
        return count;
    }
    uint64_t Values() const { return Pixels() * components; }
    void SetDefaultGeometry()
    {
        for (int i = 0; i < dimension; ++i)
        {
            spacing[i] = 1;
            origin[i] = 0;
            for (int j = 0; j < dimension; ++j)
                direction[i * dimension + j] = i == j;
        }
    }
};

struct Image : Header
{
    itk::LightObject::Pointer            owner; // keeps data alive
    itk::MetaDataDictionary              meta;
    std::vector<itk::MetaDataDictionary> slices; // of a series
};

using ImagePtr = std::unique_ptr<Image>;

template <class T> struct Tag { using Type = T; };

template <class F> auto Visit(int componentId, F && f)
{
    switch (componentId)
    {
        case UInt8: return f(Tag<uint8_t>());
        case Int8: return f(Tag<int8_t>());
        case UInt16: return f(Tag<uint16_t>());
        case Int16: return f(Tag<int16_t>());
        case UInt32: return f(Tag<uint32_t>());
        case Int32: return f(Tag<int32_t>());
        case UInt64: return f(Tag<uint64_t>());
        case Int64: return f(Tag<int64_t>());
        case Float32: return f(Tag<float>());
        case Float64: return f(Tag<double>());
        default: throw Unsupported("the pixel type with the value " + std::to_string(componentId));
    }
}

inline size_t ComponentSize(int componentId)
{
    return Visit(componentId, [](auto tag) { return sizeof(typename decltype(tag)::Type); });
}

inline void Allocate(Image & image)
{
    image.bytes = image.Values() * ComponentSize(image.ComponentId());
    auto container = itk::ImportImageContainer<itk::SizeValueType, char>::New();
    container->Reserve(image.bytes);
    image.data = container->GetBufferPointer();
    image.owner = container.GetPointer();
}

inline ImagePtr NewImage(const Header & like, int pixelId)
{
    auto image = std::make_unique<Image>();
    static_cast<Header &>(*image) = like;
    image->pixelId = pixelId;
    Allocate(*image);
    return image;
}

template <class T> T * Data(const Image & image) { return static_cast<T *>(image.data); }

// The determinant of a row-major n×n matrix.
double Determinant(const double * matrix, int n);

// Component by component, as C++ converts.
void CastValues(const void * from, int fromId, void * to, int toId, uint64_t count);

ImagePtr CastTo(const Image & image, int pixelId);
} // namespace sitk
