// What the C# half calls. A call that fails returns null or 0 and leaves its error for sitk_error.
#include <algorithm>

#include <itkObject.h>

#include "files.h"

using namespace sitk;

namespace
{
thread_local std::string lastError;

template <class F> auto Guard(F && f) -> decltype(f())
{
    try
    {
        return f();
    }
    catch (const itk::ExceptionObject & e)
    {
        lastError = e.GetDescription();
    }
    catch (const std::exception & e)
    {
        lastError = e.what();
    }
    return {};
}
} // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT const char * sitk_error() { return lastError.c_str(); }

EXPORT void sitk_set_warnings(int32_t on) { itk::Object::SetGlobalWarningDisplay(on != 0); }

// Zeros on a grid of unit spacing.
EXPORT Image * sitk_new(int32_t pixelId, uint32_t components, int32_t dimension, const uint32_t * size)
{
    return Guard([&] {
        if (dimension < 2 || dimension > MaxDimension)
            throw Error("Unsupported number of dimensions: " + std::to_string(dimension) + ".");
        auto image = std::make_unique<Image>();
        image->dimension = dimension;
        image->pixelId = pixelId;
        image->components = components;
        if (image->IsVector() ? components < 1 : components != 1)
            throw Error("Specified number of components does not fit the pixel type.");
        std::copy_n(size, dimension, image->size);
        std::fill_n(image->spacing, dimension, 1.0);
        for (int i = 0; i < dimension; ++i)
            image->direction[i * (dimension + 1)] = 1;
        image->Allocate();
        Visit(image->ComponentId(), [&](auto tag) {
            std::fill_n(static_cast<typename decltype(tag)::Type *>(image->data), image->Values(), 0);
        });
        return image.release();
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
        if (which == 2 && !IsRegular(values, n))
            throw Error("Bad direction, determinant is 0.");
        std::copy_n(values, count, which == 0 ? image->spacing : which == 1 ? image->origin : image->direction);
        return 1;
    });
}

EXPORT Image * sitk_read(const char * path, const char * format, int32_t pixelId, int32_t informationOnly)
{
    return Guard([&] { return Read(path, format, pixelId, informationOnly != 0).release(); });
}

EXPORT int32_t sitk_write(const Image * image, const char * path, int32_t compress)
{
    return Guard([&] {
        Write(*image, path, compress != 0);
        return 1;
    });
}
