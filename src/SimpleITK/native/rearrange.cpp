// Filters that move pixels without looking at them, and so need no pixel type.
#include "filters.h"

#include <cctype>
#include <cstring>

namespace sitk
{
namespace
{
// Copies pixels: output pixel (i, j, k) is the input's at start + i·step[0] + j·step[1] + k·step[2].
void CopyStrided(const Image & from, Image & to, int64_t start, const int64_t * step)
{
    const auto     pixel = static_cast<int64_t>(to.bytes / to.Pixels());
    const char *   source = Data<char>(from) + start * pixel;
    char *         target = Data<char>(to);
    const uint64_t depth = to.dimension > 2 ? to.size[2] : 1;
    for (uint64_t k = 0; k < depth; ++k)
        for (uint64_t j = 0; j < to.size[1]; ++j)
        {
            const char * row = source + static_cast<int64_t>(j) * step[1] * pixel +
                               static_cast<int64_t>(k) * (to.dimension > 2 ? step[2] : 0) * pixel;
            if (step[0] == 1)
                std::memcpy(target, row, to.size[0] * pixel);
            else
                for (uint64_t i = 0; i < to.size[0]; ++i)
                    std::memcpy(target + i * pixel, row + static_cast<int64_t>(i) * step[0] * pixel, pixel);
            target += to.size[0] * pixel;
        }
}
} // namespace

ImagePtr RegionOfInterest(const Image & image, const uint32_t * size, const int32_t * index)
{
    if (image.dimension > 3)
        throw Unsupported("RegionOfInterest on images of more than three dimensions");
    auto    result = std::make_unique<Image>();
    int64_t step[3], start = 0, stride = 1;
    static_cast<Header &>(*result) = image;
    for (int i = 0; i < image.dimension; ++i)
    {
        if (index[i] < 0 || size[i] == 0 || static_cast<uint64_t>(index[i]) + size[i] > image.size[i])
            throw Error("Requested region is (at least partially) outside the largest possible region.");
        step[i] = stride;
        start += index[i] * stride;
        stride *= static_cast<int64_t>(image.size[i]);
        result->size[i] = size[i];
        for (int j = 0; j < image.dimension; ++j)
            result->origin[j] += image.direction[j * image.dimension + i] * image.spacing[i] * index[i];
    }
    Allocate(*result);
    CopyStrided(image, *result, start, step);
    return result;
}

ImagePtr Orient(const Image & image, const std::string & wanted)
{
    if (image.dimension != 3)
        throw Error("Filter does not support an image of " + std::to_string(image.dimension) + " dimensions.");
    // Which patient axis each voxel axis follows: the largest cosine first, as itk::DICOMOrientation has it.
    int    patientAxis[3] = { -1, -1, -1 };
    double sign[3];
    bool   taken[3] = {};
    for (int round = 0; round < 3; ++round)
    {
        int    bestColumn = -1, bestRow = -1;
        double best = -1;
        for (int column = 0; column < 3; ++column)
            for (int row = 0; row < 3; ++row)
                if (patientAxis[column] < 0 && !taken[row] && std::abs(image.direction[row * 3 + column]) > best)
                {
                    best = std::abs(image.direction[row * 3 + column]);
                    bestColumn = column;
                    bestRow = row;
                }
        patientAxis[bestColumn] = bestRow;
        taken[bestRow] = true;
        sign[bestColumn] = image.direction[bestRow * 3 + bestColumn] < 0 ? -1 : 1;
    }
    static const std::string positive = "LPS", negative = "RAI";
    auto    result = std::make_unique<Image>();
    int64_t step[3], start = 0, stride[3] = { 1, static_cast<int64_t>(image.size[0]),
                                              static_cast<int64_t>(image.size[0] * image.size[1]) };
    bool used[3] = {};
    static_cast<Header &>(*result) = image;
    if (wanted.size() != 3)
        throw Error("Unable to determine the orientation \"" + wanted + "\".");
    for (int axis = 0; axis < 3; ++axis)
    {
        const char letter = static_cast<char>(std::toupper(wanted[axis]));
        const bool forward = positive.find(letter) != std::string::npos;
        const auto row = (forward ? positive : negative).find(letter);
        if (row == std::string::npos || used[row])
            throw Error("Unable to determine the orientation \"" + wanted + "\".");
        used[row] = true;
        const auto column = std::find(patientAxis, patientAxis + 3, static_cast<int>(row)) - patientAxis;
        const bool flip = (sign[column] > 0) != forward;
        result->size[axis] = image.size[column];
        result->spacing[axis] = image.spacing[column];
        step[axis] = flip ? -stride[column] : stride[column];
        const auto last = static_cast<int64_t>(image.size[column]) - 1;
        start += flip ? last * stride[column] : 0;
        for (int j = 0; j < 3; ++j)
        {
            const double cosine = image.direction[j * 3 + column];
            result->direction[j * 3 + axis] = flip ? -cosine : cosine;
            result->origin[j] += flip ? cosine * image.spacing[column] * static_cast<double>(last) : 0;
        }
    }
    Allocate(*result);
    CopyStrided(image, *result, start, step);
    return result;
}
} // namespace sitk
