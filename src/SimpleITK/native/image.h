// An image is untyped here (a buffer and its geometry), because ITK's readers and writers are.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace sitk
{
constexpr int MaxDimension = 5;

// Values of SimpleITK's PixelIDValueEnum; a vector type is its component's value plus FirstVector.
enum PixelId
{
    Unknown = -1,
    UInt8 = 0, Int8, UInt16, Int16, UInt32, Int32, UInt64, Int64, Float32, Float64,
    FirstVector = 12,
    EndVector = 22
};

// An error of SimpleITK's own; ITK's carry their own prefix.
inline std::runtime_error Error(const std::string & what) { return std::runtime_error("sitk::ERROR: " + what); }

// Blittable; Native.cs has the same layout.
struct Header
{
    int32_t  dimension = 0;
    int32_t  pixelId = Unknown;
    uint32_t components = 1;
    uint32_t reserved = 0;
    void *   data = nullptr;
    uint64_t size[MaxDimension] = {};
    double   spacing[MaxDimension] = {};
    double   origin[MaxDimension] = {};
    double   direction[MaxDimension * MaxDimension] = {}; // row by row, dimension columns

    bool IsVector() const { return pixelId >= FirstVector && pixelId < EndVector; }
    int  ComponentId() const { return IsVector() ? pixelId - FirstVector : pixelId; }
    uint64_t Values() const
    {
        uint64_t count = components;
        for (int i = 0; i < dimension; ++i)
            count *= size[i];
        return count;
    }
};

template <class T> struct Tag { using Type = T; };

// Calls f with the C++ type of a component.
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
        default: throw Error("The pixel type with the value " + std::to_string(componentId) + " is not supported.");
    }
}

struct Image : Header
{
    std::unique_ptr<char[]> owner;

    // The values are left as they come.
    void Allocate()
    {
        const auto bytes = Visit(ComponentId(), [](auto tag) { return sizeof(typename decltype(tag)::Type); });
        owner.reset(new char[Values() * bytes]);
        data = owner.get();
    }
};

using ImagePtr = std::unique_ptr<Image>;

// Whether a row-major n×n matrix has a determinant other than 0.
bool IsRegular(const double * matrix, int n);
} // namespace sitk
