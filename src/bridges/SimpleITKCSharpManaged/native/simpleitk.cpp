// The C ABI under the SimpleITK bridge. An image is untyped here (a buffer and its geometry), because ITK's readers and
// writers are; only filters that ITK offers as templates are instantiated, for as few types as give the same results.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <itkBSplineInterpolateImageFunction.h>
#include <itkBinaryFillholeImageFilter.h>
#include <itkConnectedComponentImageFilter.h>
#include <itkGDCMImageIOFactory.h>
#include <itkGDCMSeriesFileNames.h>
#include <itkIdentityTransform.h>
#include <itkImageIOFactory.h>
#include <itkImageSeriesReader.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkMetaDataObject.h>
#include <itkMetaImageIOFactory.h>
#include <itkMultiThreaderBase.h>
#include <itkNearestNeighborExtrapolateImageFunction.h>
#include <itkNearestNeighborInterpolateImageFunction.h>
#include <itkNiftiImageIOFactory.h>
#include <itkNrrdImageIOFactory.h>
#include <itkPNGImageIOFactory.h>
#include <itkRelabelComponentImageFilter.h>
#include <itkResampleImageFilter.h>
#include <itkSignedMaurerDistanceMapImageFilter.h>
#include <itksys/SystemTools.hxx>

namespace
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
std::runtime_error Error(const std::string & what) { return std::runtime_error("sitk::ERROR: " + what); }

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

size_t ComponentSize(int componentId)
{
    return Visit(componentId, [](auto tag) { return sizeof(typename decltype(tag)::Type); });
}

void Allocate(Image & image)
{
    image.bytes = image.Values() * ComponentSize(image.ComponentId());
    auto container = itk::ImportImageContainer<itk::SizeValueType, char>::New();
    container->Reserve(image.bytes);
    image.data = container->GetBufferPointer();
    image.owner = container.GetPointer();
}

ImagePtr NewImage(const Header & like, int pixelId)
{
    auto image = std::make_unique<Image>();
    static_cast<Header &>(*image) = like;
    image->pixelId = pixelId;
    Allocate(*image);
    return image;
}

template <class T> T * Data(const Image & image) { return static_cast<T *>(image.data); }

// ---------------------------------------------------------------------------------------------- reading and writing

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

double Determinant(const double * matrix, int n)
{
    std::vector<double> a(matrix, matrix + n * n);
    double result = 1;
    for (int k = 0; k < n; ++k)
    {
        int pivot = k;
        for (int i = k + 1; i < n; ++i)
            if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k]))
                pivot = i;
        if (a[pivot * n + k] == 0)
            return 0;
        if (pivot != k)
        {
            std::swap_ranges(&a[k * n], &a[k * n] + n, &a[pivot * n]);
            result = -result;
        }
        result *= a[k * n + k];
        for (int i = k + 1; i < n; ++i)
            for (int j = n - 1; j >= k; --j)
                a[i * n + j] -= a[i * n + k] / a[k * n + k] * a[k * n + j];
    }
    return result;
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

void CastValues(const void * from, int fromId, void * to, int toId, uint64_t count)
{
    Visit(fromId, [&](auto source) {
        using From = typename decltype(source)::Type;
        Visit(toId, [&](auto target) {
            using To = typename decltype(target)::Type;
            std::transform(static_cast<const From *>(from), static_cast<const From *>(from) + count,
                           static_cast<To *>(to), [](From value) { return static_cast<To>(value); });
        });
    });
}

ImagePtr CastTo(const Image & image, int pixelId)
{
    const bool vector = pixelId >= FirstVector && pixelId < EndVector;
    if (image.IsVector() && !vector)
        throw Unsupported("casting a vector image to a scalar one");
    auto result = NewImage(image, pixelId);
    CastValues(image.data, image.ComponentId(), result->data, result->ComponentId(), image.Values());
    return result;
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

// --------------------------------------------------------------------------------------------------------- filters

template <class T, unsigned D> typename itk::Image<T, D>::Pointer Wrap(const Image & image)
{
    using Type = itk::Image<T, D>;
    auto result = Type::New();
    typename Type::SizeType      size;
    typename Type::SpacingType   spacing;
    typename Type::PointType     origin;
    typename Type::DirectionType direction;
    for (unsigned i = 0; i < D; ++i)
    {
        size[i] = image.size[i];
        spacing[i] = image.spacing[i];
        origin[i] = image.origin[i];
        for (unsigned j = 0; j < D; ++j)
            direction[i][j] = image.direction[i * D + j];
    }
    result->SetRegions(size);
    result->SetSpacing(spacing);
    result->SetOrigin(origin);
    result->SetDirection(direction);
    result->GetPixelContainer()->SetImportPointer(Data<T>(image), image.Pixels(), false);
    return result;
}

// The result of a filter on the grid of `grid`.
template <class T, unsigned D> ImagePtr Adopt(itk::Image<T, D> * filtered, const Header & grid, int pixelId)
{
    auto result = std::make_unique<Image>();
    static_cast<Header &>(*result) = grid;
    result->pixelId = pixelId;
    result->components = 1;
    result->bytes = result->Pixels() * sizeof(T);
    result->data = filtered->GetBufferPointer();
    result->owner = filtered->GetPixelContainer();
    return result;
}

template <unsigned D> using DimensionTag = std::integral_constant<unsigned, D>;

template <class F> auto VisitDimension(const Image & image, F && f)
{
    if (image.IsVector())
        throw Error("Filter does not support vector images.");
    if (image.dimension == 2)
        return f(DimensionTag<2>());
    if (image.dimension == 3)
        return f(DimensionTag<3>());
    throw Unsupported("filters on images of " + std::to_string(image.dimension) + " dimensions");
}

void RequireInteger(const Image & image)
{
    if (image.IsVector() || image.pixelId >= Float32)
        throw Error("Filter does not support this pixel type: an integer one is needed.");
}

template <class Predicate> ImagePtr Binary(const Image & image, Predicate predicate, uint8_t inside, uint8_t outside)
{
    auto result = NewImage(image, UInt8);
    Visit(image.pixelId, [&](auto tag) {
        using T = typename decltype(tag)::Type;
        std::transform(Data<T>(image), Data<T>(image) + image.Pixels(), Data<uint8_t>(*result),
                       [&](T value) { return predicate(value) ? inside : outside; });
    });
    return result;
}

template <class T, unsigned D>
ImagePtr ResampleTyped(const Image & image, const Header & grid, int interpolator, double fill, bool extrapolate)
{
    using Type = itk::Image<T, D>;
    auto filter = itk::ResampleImageFilter<Type, Type, double, double>::New();
    auto reference = Image();
    static_cast<Header &>(reference) = grid;
    filter->SetInput(Wrap<T, D>(image));
    filter->SetTransform(itk::IdentityTransform<double, D>::New());
    const auto like = Wrap<T, D>(reference);
    filter->SetSize(like->GetLargestPossibleRegion().GetSize());
    filter->SetOutputSpacing(like->GetSpacing());
    filter->SetOutputOrigin(like->GetOrigin());
    filter->SetOutputDirection(like->GetDirection());
    filter->SetDefaultPixelValue(static_cast<T>(fill));
    switch (interpolator)
    {
        case 1: filter->SetInterpolator(itk::NearestNeighborInterpolateImageFunction<Type, double>::New()); break;
        case 2: filter->SetInterpolator(itk::LinearInterpolateImageFunction<Type, double>::New()); break;
        case 3: filter->SetInterpolator(itk::BSplineInterpolateImageFunction<Type, double, double>::New()); break;
        default: throw Unsupported("the interpolator with the value " + std::to_string(interpolator));
    }
    if (extrapolate)
        filter->SetExtrapolator(itk::NearestNeighborExtrapolateImageFunction<Type, double>::New());
    filter->Update();
    return Adopt<T, D>(filter->GetOutput(), grid, image.pixelId);
}

// Directly for the types volumes have; for others in double precision, in which ITK interpolates anyway, followed by
// ITK's own conversion (clamped to the type's range, then truncated).
ImagePtr Resample(const Image & image, const Header & grid, int interpolator, double fill, bool extrapolate)
{
    return VisitDimension(image, [&](auto tag) -> ImagePtr {
        constexpr unsigned D = decltype(tag)::value;
        if constexpr (D == 3)
        {
            switch (image.pixelId)
            {
                case UInt8: return ResampleTyped<uint8_t, D>(image, grid, interpolator, fill, extrapolate);
                case UInt16: return ResampleTyped<uint16_t, D>(image, grid, interpolator, fill, extrapolate);
                case Int16: return ResampleTyped<int16_t, D>(image, grid, interpolator, fill, extrapolate);
                case Float32: return ResampleTyped<float, D>(image, grid, interpolator, fill, extrapolate);
                default: break;
            }
        }
        if (image.pixelId == UInt64 || image.pixelId == Int64)
            throw Unsupported("resampling 64-bit integers");
        if (image.pixelId == Float64)
            return ResampleTyped<double, D>(image, grid, interpolator, fill, extrapolate);
        return Visit(image.pixelId, [&](auto type) {
            using T = typename decltype(type)::Type;
            const auto wide = ResampleTyped<double, D>(*CastTo(image, Float64), grid, interpolator,
                                                       static_cast<double>(static_cast<T>(fill)), extrapolate);
            auto result = NewImage(*wide, image.pixelId);
            constexpr auto low = static_cast<double>(std::numeric_limits<T>::lowest());
            constexpr auto high = static_cast<double>(std::numeric_limits<T>::max());
            std::transform(Data<double>(*wide), Data<double>(*wide) + wide->Pixels(), Data<T>(*result),
                           [=](double value) { return static_cast<T>(std::clamp(value, low, high)); });
            return result;
        });
    });
}

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

ImagePtr ConnectedComponent(const Image & image, bool fully, uint32_t & count)
{
    RequireInteger(image);
    const auto mask = Binary(image, [](auto value) { return value != 0; }, 1, 0);
    return VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        auto filter = itk::ConnectedComponentImageFilter<itk::Image<uint8_t, D>, itk::Image<uint32_t, D>>::New();
        filter->SetInput(Wrap<uint8_t, D>(*mask));
        filter->SetFullyConnected(fully);
        filter->Update();
        count = static_cast<uint32_t>(filter->GetObjectCount());
        return Adopt<uint32_t, D>(filter->GetOutput(), image, UInt32);
    });
}

ImagePtr RelabelComponent(const Image & image, uint64_t minimum, bool sort, uint32_t * counts,
                          std::vector<uint64_t> & sizes)
{
    RequireInteger(image);
    Visit(image.pixelId, [&](auto type) {
        using T = typename decltype(type)::Type;
        if (std::any_of(Data<T>(image), Data<T>(image) + image.Pixels(),
                        [](T value) { return value < 0 || sizeof(T) > 4; }))
            throw Unsupported("relabelling negative or 64-bit labels");
    });
    const auto labels = CastTo(image, UInt32);
    const auto result = VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        using Type = itk::Image<uint32_t, D>;
        auto filter = itk::RelabelComponentImageFilter<Type, Type>::New();
        filter->InPlaceOff();
        filter->SetInput(Wrap<uint32_t, D>(*labels));
        filter->SetMinimumObjectSize(minimum);
        filter->SetSortByObjectSize(sort);
        filter->Update();
        counts[0] = static_cast<uint32_t>(filter->GetNumberOfObjects());
        counts[1] = static_cast<uint32_t>(filter->GetOriginalNumberOfObjects());
        for (auto size : filter->GetSizeOfObjectsInPixels())
            sizes.push_back(size);
        return Adopt<uint32_t, D>(filter->GetOutput(), image, UInt32);
    });
    return CastTo(*result, image.pixelId);
}

ImagePtr MaurerDistance(const Image & image, bool insidePositive, bool squared, bool spacing, double background)
{
    RequireInteger(image);
    const auto isInside = [=](auto value) { return value != static_cast<decltype(value)>(background); };
    const auto mask = Binary(image, isInside, 1, 0);
    return VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        auto filter = itk::SignedMaurerDistanceMapImageFilter<itk::Image<uint8_t, D>, itk::Image<float, D>>::New();
        filter->SetInput(Wrap<uint8_t, D>(*mask));
        filter->SetInsideIsPositive(insidePositive);
        filter->SetSquaredDistance(squared);
        filter->SetUseImageSpacing(spacing);
        filter->Update();
        return Adopt<float, D>(filter->GetOutput(), image, Float32);
    });
}

ImagePtr FillHoles(const Image & image, bool fully, double foreground)
{
    if (image.pixelId != UInt8)
        throw Unsupported("BinaryFillhole on another pixel type than UInt8");
    return VisitDimension(image, [&](auto tag) {
        constexpr unsigned D = decltype(tag)::value;
        auto filter = itk::BinaryFillholeImageFilter<itk::Image<uint8_t, D>>::New();
        filter->SetInput(Wrap<uint8_t, D>(image));
        filter->SetFullyConnected(fully);
        filter->SetForegroundValue(static_cast<uint8_t>(foreground));
        filter->Update();
        return Adopt<uint8_t, D>(filter->GetOutput(), image, UInt8);
    });
}

ImagePtr Threshold(const Image & image, double lower, double upper, uint8_t inside, uint8_t outside)
{
    if (image.IsVector())
        throw Error("Filter does not support vector images.");
    return Binary(
        image,
        [=](auto value) {
            using T = decltype(value);
            const double high = static_cast<double>(std::numeric_limits<T>::max());
            const double low = static_cast<double>(std::numeric_limits<T>::lowest());
            const T      from = lower <= low ? std::numeric_limits<T>::lowest() : static_cast<T>(lower);
            const T      to = upper >= high ? std::numeric_limits<T>::max() : static_cast<T>(upper);
            return lower <= high && upper >= low && value >= from && value <= to;
        },
        inside, outside);
}

// ------------------------------------------------------------------------------------------------------------- C ABI

thread_local std::string lastError, lastText;
thread_local int32_t     lastErrorIsUnsupported;

void Keep(const std::exception & e, bool unsupported)
{
    const auto * itkError = dynamic_cast<const itk::ExceptionObject *>(&e);
    lastError = itkError ? itkError->GetDescription() : e.what();
    lastErrorIsUnsupported = unsupported;
}

template <class F> auto Guard(F && f) -> decltype(f())
{
    try
    {
        return f();
    }
    catch (const Unsupported & e)
    {
        Keep(e, true);
    }
    catch (const std::exception & e)
    {
        Keep(e, false);
    }
    return {};
}

// Strings, each ended by a NUL; the memory is valid until the thread's next call.
const char * Text(const std::vector<std::string> & items, int64_t * length)
{
    lastText.clear();
    for (const auto & item : items)
        lastText.append(item).push_back('\0');
    *length = static_cast<int64_t>(lastText.size());
    return lastText.data();
}

itk::MetaDataDictionary & Dictionary(Image * image, int32_t slice)
{
    if (slice < 0)
        return image->meta;
    if (static_cast<size_t>(slice) >= image->slices.size())
        throw Error("There is no meta-data of slice " + std::to_string(slice) + ".");
    return image->slices[slice];
}
} // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT const char * sitk_error(int32_t * unsupported)
{
    *unsupported = lastErrorIsUnsupported;
    return lastError.c_str();
}

EXPORT void sitk_set_threads(uint32_t n)
{
    using Threads = itk::MultiThreaderBase;
    Threads::SetGlobalMaximumNumberOfThreads(std::max(n, Threads::GetGlobalMaximumNumberOfThreads()));
    Threads::SetGlobalDefaultNumberOfThreads(n);
}

EXPORT uint32_t sitk_get_threads() { return itk::MultiThreaderBase::GetGlobalDefaultNumberOfThreads(); }

EXPORT void sitk_set_warnings(int32_t on) { itk::Object::SetGlobalWarningDisplay(on != 0); }

EXPORT int32_t sitk_get_warnings() { return itk::Object::GetGlobalWarningDisplay(); }

EXPORT Image * sitk_new(int32_t pixelId, uint32_t components, int32_t dimension, const uint32_t * size)
{
    return Guard([&] {
        Header header;
        if (dimension < 2 || dimension > static_cast<int32_t>(MaxDimension))
            throw Error("Unsupported number of dimensions: " + std::to_string(dimension) + ".");
        header.dimension = dimension;
        header.pixelId = pixelId;
        header.components = components;
        std::copy_n(size, dimension, header.size);
        header.SetDefaultGeometry();
        if (header.IsVector() ? components < 1 : components != 1)
            throw Error("Specified number of components does not fit the pixel type.");
        auto image = NewImage(header, pixelId);
        std::memset(image->data, 0, image->bytes);
        return image.release();
    });
}

EXPORT Image * sitk_copy(const Image * image)
{
    return Guard([&] {
        auto result = NewImage(*image, image->pixelId);
        std::memcpy(result->data, image->data, image->bytes);
        result->meta = image->meta;
        return result.release();
    });
}

EXPORT void sitk_delete(Image * image) { delete image; }

EXPORT const Header * sitk_header(const Image * image) { return image; }

// which: 0 spacing, 1 origin, 2 direction (row by row).
EXPORT int32_t sitk_set_geometry(Image * image, int32_t which, const double * values, int32_t count)
{
    return Guard([&] {
        const int n = image->dimension;
        if (count != (which == 2 ? n * n : n))
            throw Error("The vector has " + std::to_string(count) + " values, which do not fit " + std::to_string(n) +
                        " dimensions.");
        if (which == 0 && !std::all_of(values, values + n, [](double v) { return v > 0 && std::isfinite(v); }))
            throw Error("Zero-valued, negative or non-finite spacing is not supported.");
        if (which == 2 && !(std::abs(Determinant(values, n)) > 0))
            throw Error("Bad direction, determinant is 0.");
        std::copy_n(values, count, which == 0 ? image->spacing : which == 1 ? image->origin : image->direction);
        return 1;
    });
}

EXPORT const char * sitk_meta_keys(Image * image, int32_t slice, int64_t * length)
{
    return Guard([&] { return Text(Dictionary(image, slice).GetKeys(), length); });
}

EXPORT int32_t sitk_meta_has(Image * image, int32_t slice, const char * key)
{
    return Guard([&] { return Dictionary(image, slice).HasKey(key) ? 2 : 1; });
}

EXPORT const char * sitk_meta_get(Image * image, int32_t slice, const char * key, int64_t * length)
{
    return Guard([&] {
        auto & dictionary = Dictionary(image, slice);
        if (!dictionary.HasKey(key))
            throw Error(std::string("Key '") + key + "' does not exist");
        std::string value;
        if (!itk::ExposeMetaData(dictionary, key, value))
        {
            std::ostringstream text;
            dictionary.Get(key)->Print(text);
            value = text.str();
        }
        return Text({ value }, length);
    });
}

EXPORT void sitk_meta_set(Image * image, const char * key, const char * value)
{
    itk::EncapsulateMetaData<std::string>(image->meta, key, value);
}

EXPORT int32_t sitk_meta_erase(Image * image, const char * key) { return image->meta.Erase(key); }

EXPORT Image * sitk_read(const char * path, const char * format, int32_t pixelId, int32_t informationOnly)
{
    return Guard([&] { return Read(path, format, pixelId, informationOnly != 0).release(); });
}

EXPORT Image * sitk_read_series(const char * const * paths, int32_t count, const char * format, int32_t pixelId)
{
    return Guard([&] { return ReadSeries({ paths, paths + count }, format, pixelId).release(); });
}

// An image without pixels that takes over the dictionaries of a series' slices.
EXPORT Image * sitk_slice_dictionaries(Image * series)
{
    return Guard([&] {
        auto result = std::make_unique<Image>();
        result->slices.swap(series->slices);
        return result.release();
    });
}

EXPORT int32_t sitk_write(const Image * image, const char * path, const char * format, int32_t compress, int32_t level)
{
    return Guard([&] {
        Write(*image, path, format, compress != 0, level);
        return 1;
    });
}

EXPORT const char * sitk_series_ids(const char * folder, int32_t details, int64_t * length)
{
    return Guard([&] {
        auto names = itk::GDCMSeriesFileNames::New();
        names->SetUseSeriesDetails(details != 0);
        names->SetInputDirectory(folder);
        return Text(names->GetSeriesUIDs(), length);
    });
}

EXPORT const char * sitk_series_files(const char * folder, const char * id, int32_t details, int32_t recursive,
                                      int32_t loadSequences, int64_t * length)
{
    return Guard([&] {
        auto names = itk::GDCMSeriesFileNames::New();
        names->SetUseSeriesDetails(details != 0);
        names->SetRecursive(recursive != 0);
        names->SetLoadSequences(loadSequences != 0);
        names->SetInputDirectory(folder);
        names->Update();
        return Text(*id ? names->GetFileNames(id) : names->GetInputFileNames(), length);
    });
}

EXPORT Image * sitk_cast(const Image * image, int32_t pixelId)
{
    return Guard([&] { return CastTo(*image, pixelId).release(); });
}

// The grid's dimension, size, spacing, origin and direction are used.
EXPORT Image * sitk_resample(const Image * image, const Header * grid, int32_t interpolator, double fill,
                             int32_t pixelId, int32_t extrapolate)
{
    return Guard([&]() -> Image * {
        if (pixelId == Unknown || pixelId == image->pixelId)
            return Resample(*image, *grid, interpolator, fill, extrapolate != 0).release();
        // Interpolating after the cast gives the same values as long as the cast loses nothing.
        const bool toFloat = pixelId == Float32 && image->pixelId >= UInt8 && image->pixelId <= Int16;
        const bool toDouble = pixelId == Float64 && (image->pixelId <= Int32 || image->pixelId == Float32);
        if (!toFloat && !toDouble)
            throw Unsupported("resampling with this output pixel type");
        return Resample(*CastTo(*image, pixelId), *grid, interpolator, fill, extrapolate != 0).release();
    });
}

EXPORT Image * sitk_orient(const Image * image, const char * orientation)
{
    return Guard([&] { return Orient(*image, orientation).release(); });
}

EXPORT Image * sitk_region(const Image * image, const uint32_t * size, const int32_t * index)
{
    return Guard([&] { return RegionOfInterest(*image, size, index).release(); });
}

EXPORT Image * sitk_components(const Image * image, int32_t fully, uint32_t * count)
{
    return Guard([&] { return ConnectedComponent(*image, fully != 0, *count).release(); });
}

// counts: objects after and before; sizes: text of the objects' pixel counts.
EXPORT Image * sitk_relabel(const Image * image, uint64_t minimum, int32_t sort, uint32_t * counts, const char ** sizes,
                            int64_t * length)
{
    return Guard([&] {
        std::vector<uint64_t>    pixels;
        std::vector<std::string> text;
        auto                     result = RelabelComponent(*image, minimum, sort != 0, counts, pixels);
        for (auto value : pixels)
            text.push_back(std::to_string(value));
        *sizes = Text(text, length);
        return result.release();
    });
}

EXPORT Image * sitk_maurer(const Image * image, int32_t insidePositive, int32_t squared, int32_t spacing,
                           double background)
{
    return Guard(
        [&] { return MaurerDistance(*image, insidePositive != 0, squared != 0, spacing != 0, background).release(); });
}

EXPORT Image * sitk_threshold(const Image * image, double lower, double upper, uint8_t inside, uint8_t outside)
{
    return Guard([&] { return Threshold(*image, lower, upper, inside, outside).release(); });
}

EXPORT Image * sitk_fillhole(const Image * image, int32_t fully, double foreground)
{
    return Guard([&] { return FillHoles(*image, fully != 0, foreground).release(); });
}
