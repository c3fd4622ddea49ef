#include "image.h"

namespace sitk
{
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
} // namespace sitk
