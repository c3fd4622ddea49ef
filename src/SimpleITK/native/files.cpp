#include "image.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <itkGDCMImageIOFactory.h>
#include <itkImageIOFactory.h>
#include <itkNiftiImageIOFactory.h>
#include <itkPNGImageIOFactory.h>
#include <itksys/SystemTools.hxx>

namespace sitk
{
namespace
{
void RegisterFormats()
{
    static const bool once = [] {
        itk::NiftiImageIOFactory::RegisterOneFactory();
        itk::PNGImageIOFactory::RegisterOneFactory();
        itk::GDCMImageIOFactory::RegisterOneFactory();
        return true;
    }();
    (void)once;
}

itk::ImageIOBase::Pointer FindFormat(const std::string & path, const std::string & name)
{
    RegisterFormats();
    if (!name.empty())
    {
        for (auto & candidate : itk::ObjectFactoryBase::CreateAllInstance("itkImageIOBase"))
            if (auto * io = dynamic_cast<itk::ImageIOBase *>(candidate.GetPointer()))
                if (name == io->GetNameOfClass())
                    return io;
        throw Error("Unable to create ImageIO: \"" + name + "\"");
    }
    if (!itksys::SystemTools::FileExists(path))
        throw Error("The file \"" + path + "\" does not exist.");
    auto io = itk::ImageIOFactory::CreateImageIO(path.c_str(), itk::IOFileModeEnum::ReadMode);
    if (io.IsNull())
        throw Error("Unable to determine ImageIO reader for \"" + path + "\"");
    return io;
}

int ComponentIdOf(const itk::ImageIOBase & io)
{
    using C = itk::IOComponentEnum;
    const bool wide = io.GetComponentSize() == 8;
    enum { UInt8, Int8, UInt16, Int16, UInt32, Int32, UInt64, Int64, Float32, Float64 };
    switch (io.GetComponentType())
    {
        case C::UCHAR: return UInt8;
        case C::CHAR: return Int8;
        case C::USHORT: return UInt16;
        case C::SHORT: return Int16;
        case C::UINT: return UInt32;
        case C::INT: return Int32;
        case C::ULONG:
        case C::ULONGLONG: return wide ? UInt64 : UInt32;
        case C::LONG:
        case C::LONGLONG: return wide ? Int64 : Int32;
        case C::FLOAT: return Float32;
        case C::DOUBLE: return Float64;
        default: throw Error("Unknown component type.");
    }
}

// Whether a row-major n×n matrix has a determinant other than 0.
bool IsRegular(const double * matrix, int n)
{
    std::vector<double> a(matrix, matrix + n * n);
    for (int k = 0; k < n; ++k)
    {
        int pivot = k;
        for (int i = k + 1; i < n; ++i)
            if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k]))
                pivot = i;
        if (!(std::abs(a[pivot * n + k]) > 0))
            return false;
        if (pivot != k)
            std::swap_ranges(&a[k * n], &a[k * n] + n, &a[pivot * n]);
        for (int i = k + 1; i < n; ++i)
            for (int j = n - 1; j >= k; --j)
                a[i * n + j] -= a[i * n + k] / a[k * n + k] * a[k * n + j];
    }
    return true;
}

// What itk::ImageFileReader does with an ImageIO's description.
void ReadHeader(itk::ImageIOBase & io, const std::string & path, Image & image)
{
    io.SetFileName(path);
    io.ReadImageInformation();
    image.dimension = static_cast<int>(io.GetNumberOfDimensions());
    if (image.dimension < 2 || image.dimension > MaxDimension)
        throw Error("The file \"" + path + "\" has an unsupported number of dimensions: " +
                    std::to_string(image.dimension) + ".");
    image.components = io.GetNumberOfComponents();
    if (io.GetPixelType() == itk::IOPixelEnum::COMPLEX)
        throw Error("The file \"" + path + "\" has complex pixels, which are not supported.");
    const bool scalar = image.components == 1 && io.GetPixelType() == itk::IOPixelEnum::SCALAR;
    image.pixelId = ComponentIdOf(io) + (scalar ? 0 : 12);
    for (int i = 0; i < image.dimension; ++i)
    {
        image.size[i] = io.GetDimensions(i);
        image.spacing[i] = std::abs(io.GetSpacing(i));
        image.origin[i] = io.GetOrigin(i);
        const double sign = io.GetSpacing(i) < 0 ? -1 : 1;
        for (int j = 0; j < image.dimension; ++j)
            image.direction[j * image.dimension + i] = sign * io.GetDirection(i)[j];
    }
    if (!IsRegular(image.direction, image.dimension))
        throw Error("Bad direction in \"" + path + "\", determinant is 0.");
}
} // namespace

std::unique_ptr<Image> Read(const std::string & path, const std::string & format)
{
    auto io = FindFormat(path, format);
    auto image = std::make_unique<Image>();
    ReadHeader(*io, path, *image);
    itk::ImageIORegion region(image->dimension);
    for (int i = 0; i < image->dimension; ++i)
        region.SetSize(i, image->size[i]);
    io->SetIORegion(region);
    image->owner.reset(new char[io->GetImageSizeInBytes()]);
    image->data = image->owner.get();
    io->Read(image->data);
    return image;
}
} // namespace sitk
