using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

        public static partial class functional
        {
            private static readonly long[] s_ones = [1, 1];
            private static readonly long[] s_zeros = [0, 0];
            private static readonly Operator s_conv2d = new("conv2d");
            private static readonly Operator s_convTranspose2d = new("conv_transpose2d", "input");
            private static readonly Operator s_linear = new("linear");
            private static readonly Operator s_instanceNorm = new("instance_norm");
            private static readonly Operator s_batchNorm = new("batch_norm");
            private static readonly Operator s_dropout = new("dropout");
            private static readonly Operator s_dropoutInPlace = new("dropout_");
            private static readonly Operator s_dropout2d = new("feature_dropout");
            private static readonly Operator s_relu = new("relu");
            private static readonly Operator s_leakyRelu = new("leaky_relu");
            private static readonly Operator s_leakyReluInPlace = new("leaky_relu_");
            private static readonly Operator s_softmax = new("softmax", "int");
            private static readonly Operator s_logSoftmax = new("log_softmax", "int");
            private static readonly Operator s_oneHot = new("one_hot");

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, long groups = 1) =>
                s_conv2d.Call(
                    input, weight, bias, strides ?? s_ones, padding ?? s_zeros, dilation ?? s_ones, groups);

            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                s_convTranspose2d.Call(
                    input, weight, bias, strides ?? s_ones, padding ?? s_zeros, output_padding ?? s_zeros, groups,
                    dilation ?? s_ones);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                s_linear.Call(input, weights, bias);

            public static Tensor instance_norm(
                Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null,
                Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1E-05) =>
                s_instanceNorm.Call(
                    input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1E-05) =>
                s_batchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                if (!inplace)
                    return s_dropout.Call(input, p, training);
                s_dropoutInPlace.CallInPlace(input, p, training);
                return input;
            }

            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace
                    ? throw new NotSupportedException("torch.nn.functional.dropout2d in place")
                    : s_dropout2d.Call(input, p, training);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : s_relu.Call(x);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false)
            {
                if (!inplace)
                    return s_leakyRelu.Call(input, negative_slope);
                s_leakyReluInPlace.CallInPlace(input, negative_slope);
                return input;
            }

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) =>
                s_softmax.Call(input, dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => s_logSoftmax.Call(x, dim);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => s_oneHot.Call(x, num_classes);
        }
    }
}
