using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator s_cat = new("cat");
    private static readonly Operator s_stack = new("stack");

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) =>
        s_cat.Call(tensors as Tensor[] ?? [.. tensors], dim);

    public static Tensor cat(Tensor[] tensors, long dim = 0) =>
        s_cat.Call(tensors, dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) =>
        cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) =>
        s_stack.Call(tensors as Tensor[] ?? [.. tensors], dim);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) =>
        x.where(condition, y);

    public static Tensor maximum(Tensor input, Tensor other) =>
        input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) =>
        input.minimum(other);

    public static Tensor matmul(Tensor input, Tensor target) =>
        input.matmul(target);

    public static Tensor mm(Tensor input, Tensor target) =>
        input.mm(target);

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) =>
        input.clamp(min, max);

    public static Tensor pow(Tensor left, Scalar exponent) =>
        left.pow(exponent);

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) =>
        input.softmax(dim, dtype);

    public static Tensor sum(Tensor input, ScalarType? type = null) =>
        input.sum(type);

    public static Tensor mean(Tensor input) =>
        input.mean();

    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) =>
        input.argmax(dim, keepdim);

    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) =>
        input.amax(dims, keepdim, @out);

    public static Tensor isfinite(Tensor tensor) =>
        tensor.isfinite();

    public static Tensor all(Tensor input) =>
        input.all();

    public static Tensor any(Tensor input) =>
        input.any();

    public static Tensor isnan(Tensor input) =>
        input.isnan();

    public static Tensor abs(Tensor input) =>
        input.abs();

    public static Tensor exp(Tensor input) =>
        input.exp();

    public static Tensor log(Tensor input) =>
        input.log();

    public static Tensor sqrt(Tensor input) =>
        input.sqrt();

    public static Tensor square(Tensor input) =>
        input.square();

    public static Tensor tanh(Tensor input) =>
        input.tanh();

    public static Tensor atanh(Tensor input) =>
        input.atanh();

    public static Tensor sigmoid(Tensor input) =>
        input.sigmoid();
}
