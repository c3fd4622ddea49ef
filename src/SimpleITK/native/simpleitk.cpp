// The C ABI under the SimpleITK bridge.
#include <cstring>

#include <itkGDCMSeriesFileNames.h>
#include <itkMetaDataObject.h>
#include <itkMultiThreaderBase.h>

#include "filters.h"
#include "formats.h"

using namespace sitk;

namespace
{
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
