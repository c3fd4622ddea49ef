// What the C# half calls. A call that fails returns null and leaves its error for sitk_error.
#include <itkMacro.h>

#include "image.h"

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

EXPORT void sitk_delete(Image * image) { delete image; }

EXPORT const Header * sitk_header(const Image * image) { return image; }

EXPORT Image * sitk_read(const char * path, const char * format)
{
    return Guard([&] { return Read(path, format).release(); });
}
