// Files in ITK's formats: NIfTI, NRRD, MetaImage, PNG and DICOM.
#pragma once

#include "image.h"

namespace sitk
{
// format: the name of an ImageIO class, or empty to find one; pixelId: Unknown keeps the file's type.
ImagePtr Read(const std::string & path, const std::string & format, int pixelId, bool informationOnly);

void Write(const Image & image, const std::string & path, bool compress);
} // namespace sitk
