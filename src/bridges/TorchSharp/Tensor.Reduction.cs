using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator s_sum = new("sum");
        private static readonly Operator s_sumDimIntList = new("sum", "dim_IntList");
        private static readonly Operator s_mean = new("mean");
        private static readonly Operator s_meanDim = new("mean", "dim");
        private static readonly Operator s_var = new("var");
        private static readonly Operator s_varDim = new("var", "dim");
        private static readonly Operator s_std = new("std");
        private static readonly Operator s_stdDim = new("std", "dim");
        private static readonly Operator s_amax = new("amax");
        private static readonly Operator s_amin = new("amin");
        private static readonly Operator s_max = new("max");
        private static readonly Operator s_maxOther = new("max", "other");
        private static readonly Operator s_maxDim = new("max", "dim");
        private static readonly Operator s_min = new("min");
        private static readonly Operator s_minOther = new("min", "other");
        private static readonly Operator s_minDim = new("min", "dim");
        private static readonly Operator s_argmax = new("argmax");
        private static readonly Operator s_argmin = new("argmin");
        private static readonly Operator s_all = new("all");
        private static readonly Operator s_allDim = new("all", "dim");
        private static readonly Operator s_any = new("any");
        private static readonly Operator s_anyDim = new("any", "dim");
        private static readonly Operator s_cumsum = new("cumsum");
        private static readonly Operator s_logsumexp = new("logsumexp");
        private static readonly Operator s_normScalar = new("norm", "Scalar");

        public Tensor sum(ScalarType? type = null) => s_sum.Call(this, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            s_sumDimIntList.Call(this, dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            sum(dim.ToArray(), keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor mean() => s_mean.Call(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            s_meanDim.Call(this, dimensions, keepdim, type);

        public Tensor var(bool unbiased = true) => s_var.Call(this, unbiased);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var converted = type is { } wanted ? to_type(wanted) : null;
            return s_varDim.Call(converted ?? this, dimensions, unbiased, keepdim);
        }

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);

        public Tensor std(bool unbiased = true) => s_std.Call(this, unbiased);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            using var converted = type is { } wanted ? to_type(wanted) : null;
            return s_stdDim.Call(converted ?? this, dimensions, unbiased, keepdim);
        }

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null
                ? s_amax.Call(this, dims, keepdim)
                : throw new NotSupportedException("Tensor.amax with an out tensor");

        public Tensor amax(params long[] dims) => s_amax.Call(this, dims);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null
                ? s_amin.Call(this, dims, keepdim)
                : throw new NotSupportedException("Tensor.amin with an out tensor");

        public Tensor amin(params long[] dims) => s_amin.Call(this, dims);

        public Tensor max() => s_max.Call(this);
        public Tensor max(Tensor other) => s_maxOther.Call(this, other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) =>
            s_maxDim.CallPair(this, dim, keepdim);

        public Tensor min() => s_min.Call(this);
        public Tensor min(Tensor other) => s_minOther.Call(this, other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) =>
            s_minDim.CallPair(this, dim, keepdim);

        public Tensor argmax() => s_argmax.Call(this);
        public Tensor argmax(long dim, bool keepdim = false) => s_argmax.Call(this, dim, keepdim);

        public Tensor argmin() => s_argmin.Call(this);
        public Tensor argmin(long dim, bool keepdim = false) => s_argmin.Call(this, dim, keepdim);

        public Tensor all() => s_all.Call(this);
        public Tensor all(long dim, bool keepdim = false) => s_allDim.Call(this, dim, keepdim);

        public Tensor any() => s_any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => s_anyDim.Call(this, dim, keepdim);

        public Tensor cumsum(long dim, ScalarType? type = null) => s_cumsum.Call(this, dim, type);
        public Tensor logsumexp(long dim, bool keepdim = false) => s_logsumexp.Call(this, new[] { dim }, keepdim);
        public Tensor norm(float p = 2) => s_normScalar.Call(this, (double)p);
    }
}
