#include "formats.h"

#include <itkGDCMImageIOFactory.h>
#include <itkImageIOFactory.h>
#include <itkImageSeriesReader.h>
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
    if (image.dimension < 2 || image.dimension > static_cast<int>(MaxDimension))
        throw Error("The file \"" + path + "\" has an unsupported number of dimensions: " +
                    std::to_string(image.dimension) + ".");
    image.components = io.GetNumberOfComponents();
    if (io.GetPixelType() == itk::IOPixelEnum::COMPLEX)
        throw Unsupported("reading complex pixels (\"" + path + "\")");
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
    if (Determinant(image.direction, image.dimension) == 0)
        throw Error("Bad direction in \"" + path + "\", determinant is 0.");
    image.meta = io.GetMetaDataDictionary();
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

ImagePtr WithType(ImagePtr image, int pixelId)
{
    if (pixelId == Unknown || pixelId == image->pixelId)
        return image;
    auto result = CastTo(*image, pixelId);
    result->meta = image->meta;
    result->slices = std::move(image->slices);
    return result;
}
} // namespace

ImagePtr Read(const std::string & path, const std::string & format, int pixelId, bool informationOnly)
{
    auto io = FindFormat(path, format, true);
    auto image = std::make_unique<Image>();
    ReadHeader(*io, path, *image);
    if (informationOnly)
        return image;
    Allocate(*image);
    ReadPixels(*io, *image, image->data);
    return WithType(std::move(image), pixelId);
}

// Geometry is ITK's: its series reader is asked for information only. Slices are read straight into their places.
ImagePtr ReadSeries(const std::vector<std::string> & paths, const std::string & format, int pixelId)
{
    if (paths.empty())
        throw Error("File names information is empty. Cannot read series.");
    auto image = Read(paths[0], format, Unknown, true);
    if (paths.size() == 1)
    {
        image = Read(paths[0], format, pixelId, false);
        image->slices.push_back(image->meta);
        return image;
    }
    if (image->dimension > 3 || (image->dimension == 3 && image->size[2] != 1))
        throw Unsupported("a series whose files are not single slices (\"" + paths[0] + "\")");
    auto reader = itk::ImageSeriesReader<itk::Image<float, 3>>::New();
    reader->SetFileNames(paths);
    reader->SetImageIO(FindFormat(paths[0], format, true));
    reader->UpdateOutputInformation();
    const auto * output = reader->GetOutput();
    image->dimension = 3;
    for (unsigned i = 0; i < 3; ++i)
    {
        image->size[i] = output->GetLargestPossibleRegion().GetSize(i);
        image->spacing[i] = output->GetSpacing()[i];
        image->origin[i] = output->GetOrigin()[i];
        for (unsigned j = 0; j < 3; ++j)
            image->direction[i * 3 + j] = output->GetDirection()[i][j];
    }
    const int componentId = pixelId == Unknown ? image->ComponentId() : pixelId;
    const bool vector = image->IsVector();
    if (vector && pixelId != Unknown)
        throw Unsupported("another pixel type for a series of vector images");
    image->pixelId = componentId + (vector ? FirstVector : 0);
    image->meta = itk::MetaDataDictionary();
    Allocate(*image);
    const uint64_t sliceValues = image->size[0] * image->size[1] * image->components;
    const uint64_t sliceBytes = sliceValues * ComponentSize(componentId);
    std::vector<char> buffer;
    for (size_t z = 0; z < paths.size(); ++z)
    {
        auto io = FindFormat(paths[z], format, true);
        Image slice;
        ReadHeader(*io, paths[z], slice);
        if (slice.size[0] != image->size[0] || slice.size[1] != image->size[1] || slice.Values() != sliceValues)
            throw Error("Size mismatch! The size of \"" + paths[z] + "\" differs from that of \"" + paths[0] + "\".");
        char * target = Data<char>(*image) + z * sliceBytes;
        if (slice.ComponentId() == componentId)
        {
            ReadPixels(*io, slice, target);
        }
        else
        {
            buffer.resize(sliceValues * ComponentSize(slice.ComponentId()));
            ReadPixels(*io, slice, buffer.data());
            CastValues(buffer.data(), slice.ComponentId(), target, componentId, sliceValues);
        }
        image->slices.push_back(slice.meta);
    }
    return image;
}

void Write(const Image & image, const std::string & path, const std::string & format, bool compress, int level)
{
    using C = itk::IOComponentEnum;
    static const C types[] = { C::UCHAR, C::CHAR, C::USHORT, C::SHORT, C::UINT,
                               C::INT,   C::ULONG, C::LONG,  C::FLOAT, C::DOUBLE };
    auto io = FindFormat(path, format, false);
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
    if (level >= 0)
        io->SetCompressionLevel(level);
    io->SetMetaDataDictionary(image.meta);
    io->SetComponentType(types[image.ComponentId()]);
    io->SetPixelType(image.IsVector() ? itk::IOPixelEnum::VECTOR : itk::IOPixelEnum::SCALAR);
    io->SetNumberOfComponents(image.components);
    io->SetFileName(path);
    io->SetIORegion(region);
    io->Write(image.data);
}
} // namespace sitk
