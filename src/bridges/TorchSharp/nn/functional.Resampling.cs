using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator s_pad = new("pad");
            private static readonly Operator s_nearest2d = new("upsample_nearest2d", "vec");
            private static readonly Operator s_nearestExact2d = new("_upsample_nearest_exact2d", "vec");
            private static readonly Operator s_bilinear2d = new("upsample_bilinear2d", "vec");
            private static readonly Operator s_avgPool2d = new("avg_pool2d");
            private static readonly Operator s_maxPool2d = new("max_pool2d");

            public static Tensor pad(
                Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
                {
                    PaddingModes.Constant => s_pad.Call(input, pad, "constant", value),
                    PaddingModes.Reflect => s_pad.Call(input, pad, "reflect"),
                    PaddingModes.Replicate => s_pad.Call(input, pad, "replicate"),
                    PaddingModes.Circular => s_pad.Call(input, pad, "circular"),
                    _ => throw new NotSupportedException($"torch.nn.functional.pad with mode {mode}"),
                };

            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null,
                bool recompute_scale_factor = false, bool antialias = false)
            {
                if (x.dim() != 4 || recompute_scale_factor || antialias)
                {
                    throw new NotSupportedException(
                        "torch.nn.functional.interpolate of other than 4 dimensions, " +
                        "with a recomputed scale or with antialiasing");
                }
                return mode switch
                {
                    InterpolationMode.Nearest => s_nearest2d.Call(x, size, scale_factor),
                    InterpolationMode.NearestExact => s_nearestExact2d.Call(x, size, scale_factor),
                    InterpolationMode.Bilinear => s_bilinear2d.Call(x, size, align_corners ?? false, scale_factor),
                    _ => throw new NotSupportedException($"torch.nn.functional.interpolate with mode {mode}"),
                };
            }

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                s_avgPool2d.Call(
                    input, kernel_size, stride ?? kernel_size, padding ?? s_zeros, ceil_mode, count_include_pad,
                    divisor_override);

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(
                    input, [kernel_size, kernel_size], Twice(stride), [padding, padding], ceil_mode, count_include_pad,
                    divisor_override);

            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                s_maxPool2d.Call(
                    input, kernel_size, strides ?? kernel_size, padding ?? s_zeros, dilation ?? s_ones, ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null,
                bool ceil_mode = false) =>
                max_pool2d(
                    input, [kernel_size, kernel_size], Twice(stride), Twice(padding), Twice(dilation), ceil_mode);

            private static long[]? Twice(long? value) => value is { } one ? [one, one] : null;
        }
    }
}
