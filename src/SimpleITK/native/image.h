// An image is untyped here (a buffer and its geometry), because ITK's readers are.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace sitk
{
constexpr int MaxDimension = 5;

// Blittable; Native.cs has the same layout. The pixel id is a value of SimpleITK's PixelIDValueEnum.
struct Header
{
    int32_t  dimension = 0;
    int32_t  pixelId = -1;
    uint32_t components = 1;
    uint32_t reserved = 0;
    void *   data = nullptr;
    uint64_t size[MaxDimension] = {};
    double   spacing[MaxDimension] = {};
    double   origin[MaxDimension] = {};
    double   direction[MaxDimension * MaxDimension] = {}; // row by row, dimension columns
};

struct Image : Header
{
    std::unique_ptr<char[]> owner;
};

// An error of SimpleITK's own; ITK's carry their own prefix.
inline std::runtime_error Error(const std::string & what) { return std::runtime_error("sitk::ERROR: " + what); }

// Reads NIfTI, PNG or DICOM; format: the name of an ImageIO class, or empty to find one.
std::unique_ptr<Image> Read(const std::string & path, const std::string & format);
} // namespace sitk
