// Files in ITK's formats: NIfTI, NRRD, MetaImage, PNG and DICOM.
#pragma once

#include "image.h"

namespace sitk
{
// format: the name of an ImageIO class, or empty to find one; pixelId: Unknown keeps the file's type.
ImagePtr Read(const std::string & path, const std::string & format, int pixelId, bool informationOnly);

ImagePtr ReadSeries(const std::vector<std::string> & paths, const std::string & format, int pixelId);

void Write(const Image & image, const std::string & path, const std::string & format, bool compress, int level);
} // namespace sitk
