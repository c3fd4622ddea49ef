#pragma once

#include "image.h"

namespace sitk
{
// interpolator: a value of InterpolatorEnum; fill: the value outside the image.
ImagePtr Resample(const Image & image, const Header & grid, int interpolator, double fill, bool extrapolate);

ImagePtr RegionOfInterest(const Image & image, const uint32_t * size, const int32_t * index);

ImagePtr Orient(const Image & image, const std::string & wanted);

ImagePtr ConnectedComponent(const Image & image, bool fully, uint32_t & count);

// counts: objects after and before; sizes: pixels of each object that is left.
ImagePtr RelabelComponent(const Image & image, uint64_t minimum, bool sort, uint32_t * counts,
                          std::vector<uint64_t> & sizes);

ImagePtr MaurerDistance(const Image & image, bool insidePositive, bool squared, bool spacing, double background);

// foreground: the value that surrounds the holes.
ImagePtr FillHoles(const Image & image, bool fully, double foreground);

ImagePtr Threshold(const Image & image, double lower, double upper, uint8_t inside, uint8_t outside);
} // namespace sitk
