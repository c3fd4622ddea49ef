#include "files.h"

#include <algorithm>
#include <vector>

#include <itkGDCMImageIOFactory.h>
#include <itkImageIOFactory.h>
#include <itkMetaImageIOFactory.h>
#include <itkNiftiImageIOFactory.h>
#include <itkNrrdImageIOFactory.h>
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
        itk::NrrdImageIOFactory::RegisterOneFactory();
        itk::MetaImageIOFactory::RegisterOneFactory();
        itk::PNGImageIOFactory::RegisterOneFactory();
        itk::GDCMImageIOFactory::RegisterOneFactory();
        return true;
    }();
    (void)once;
}

itk::ImageIOBase::Pointer FindFormat(const std::string & path, const std::string & name, bool read)
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
    if (read && !itksys::SystemTools::FileExists(path))
        throw Error("The file \"" + path + "\" does not exist.");
    auto mode = read ? itk::IOFileModeEnum::ReadMode : itk::IOFileModeEnum::WriteMode;
    auto io = itk::ImageIOFactory::CreateImageIO(path.c_str(), mode);
    if (io.IsNull())
        throw Error(std::string("Unable to determine ImageIO ") + (read ? "reader" : "writer") + " for \"" + path +
                    "\"");
    return io;
}

int ComponentIdOf(const itk::ImageIOBase & io)
{
    using C = itk::IOComponentEnum;
    const bool wide = io.GetComponentSize() == 8;
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
    image.pixelId = ComponentIdOf(io) + (scalar ? 0 : FirstVector);
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

void ReadPixels(itk::ImageIOBase & io, const Header & header, void * target)
{
    itk::ImageIORegion region(header.dimension);
    for (int i = 0; i < header.dimension; ++i)
    {
        region.SetIndex(i, 0);
        region.SetSize(i, header.size[i]);
    }
    io.SetIORegion(region);
    io.Read(target);
}

// Component by component, as C++ converts.
ImagePtr Cast(const Image & image, int pixelId)
{
    if (image.IsVector())
        throw Error("A vector image cannot be cast to a scalar one.");
    auto result = std::make_unique<Image>();
    static_cast<Header &>(*result) = image;
    result->pixelId = pixelId;
    result->Allocate();
    Visit(image.pixelId, [&](auto source) {
        using From = typename decltype(source)::Type;
        Visit(pixelId, [&](auto target) {
            using To = typename decltype(target)::Type;
            const auto * values = static_cast<const From *>(image.data);
            std::transform(values, values + image.Values(), static_cast<To *>(result->data),
                           [](From value) { return static_cast<To>(value); });
        });
    });
    return result;
}
} // namespace

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

ImagePtr Read(const std::string & path, const std::string & format, int pixelId, bool informationOnly)
{
    auto io = FindFormat(path, format, true);
    auto image = std::make_unique<Image>();
    ReadHeader(*io, path, *image);
    if (informationOnly)
        return image;
    image->Allocate();
    ReadPixels(*io, *image, image->data);
    return pixelId == Unknown || pixelId == image->pixelId ? std::move(image) : Cast(*image, pixelId);
}

void Write(const Image & image, const std::string & path, bool compress)
{
    using C = itk::IOComponentEnum;
    static const C types[] = { C::UCHAR, C::CHAR, C::USHORT, C::SHORT, C::UINT,
                               C::INT,   C::ULONG, C::LONG,  C::FLOAT, C::DOUBLE };
    auto io = FindFormat(path, "", false);
    io->SetNumberOfDimensions(image.dimension);
    itk::ImageIORegion region(image.dimension);
    for (int i = 0; i < image.dimension; ++i)
    {
        io->SetDimensions(i, image.size[i]);
        io->SetSpacing(i, image.spacing[i]);
        io->SetOrigin(i, image.origin[i]);
        std::vector<double> axis(image.dimension);
        for (int j = 0; j < image.dimension; ++j)
            axis[j] = image.direction[j * image.dimension + i];
        io->SetDirection(i, axis);
        region.SetIndex(i, 0);
        region.SetSize(i, image.size[i]);
    }
    io->SetUseCompression(compress);
    io->SetComponentType(types[image.ComponentId()]);
    io->SetPixelType(image.IsVector() ? itk::IOPixelEnum::VECTOR : itk::IOPixelEnum::SCALAR);
    io->SetNumberOfComponents(image.components);
    io->SetFileName(path);
    io->SetIORegion(region);
    io->Write(image.data);
}
} // namespace sitk
