using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator s_view = new("view");
        private static readonly Operator s_reshape = new("reshape");
        private static readonly Operator s_flattenUsingInts = new("flatten", "using_ints");
        private static readonly Operator s_permute = new("permute");
        private static readonly Operator s_transposeInt = new("transpose", "int");
        private static readonly Operator s_t = new("t");
        private static readonly Operator s_unsqueeze = new("unsqueeze");
        private static readonly Operator s_squeeze = new("squeeze");
        private static readonly Operator s_squeezeDim = new("squeeze", "dim");
        private static readonly Operator s_expand = new("expand");
        private static readonly Operator s_expandAs = new("expand_as");
        private static readonly Operator s_repeat = new("repeat");
        private static readonly Operator s_contiguous = new("contiguous");
        private static readonly Operator s_clone = new("clone");
        private static readonly Operator s_alias = new("alias");
        private static readonly Operator s_detach = new("detach");
        private static readonly Operator s_detachInPlace = new("detach_");
        private static readonly Operator s_narrow = new("narrow");
        private static readonly Operator s_sliceTensor = new("slice", "Tensor");
        private static readonly Operator s_selectInt = new("select", "int");
        private static readonly Operator s_indexSelect = new("index_select");
        private static readonly Operator s_flip = new("flip");
        private static readonly Operator s_roll = new("roll");
        private static readonly Operator s_gather = new("gather");
        private static readonly Operator s_scatterSrc = new("scatter", "src");
        private static readonly Operator s_scatterSrcInPlace = new("scatter_", "src");
        private static readonly Operator s_scatterAddInPlace = new("scatter_add_");
        private static readonly Operator s_splitTensor = new("split", "Tensor");
        private static readonly Operator s_splitWithSizes = new("split_with_sizes");
        private static readonly Operator s_chunk = new("chunk");
        private static readonly Operator s_unbindInt = new("unbind", "int");

        public Tensor view(params long[] shape) => s_view.Call(this, shape);
        public Tensor reshape(params long[] shape) => s_reshape.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            s_flattenUsingInts.Call(this, start_dim, end_dim);
        public Tensor permute(params long[] permutation) => s_permute.Call(this, permutation);
        public Tensor transpose(long dim0, long dim1) => s_transposeInt.Call(this, dim0, dim1);
        public Tensor t() => s_t.Call(this);
        public Tensor unsqueeze(long dim) => s_unsqueeze.Call(this, dim);

        public Tensor squeeze(long? dim = null) =>
            dim is { } one ? s_squeezeDim.Call(this, one) : s_squeeze.Call(this);

        public Tensor expand(long[] sizes, bool isImplicit = false) => s_expand.Call(this, sizes, isImplicit);
        public Tensor expand(params long[] sizes) => s_expand.Call(this, sizes);
        public Tensor expand_as(Tensor other) => s_expandAs.Call(this, other);
        public Tensor repeat(params long[] sizes) => s_repeat.Call(this, sizes);
        public Tensor contiguous() => s_contiguous.Call(this);
        public Tensor clone() => s_clone.Call(this);
        public Tensor alias() => s_alias.Call(this);
        public Tensor detach() => s_detach.Call(this);

        public Tensor detach_()
        {
            s_detachInPlace.CallInPlace(this);
            return this;
        }

        public Tensor narrow(long dim, long start, long length) => s_narrow.Call(this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) =>
            s_sliceTensor.Call(this, dim, start, finish, step);

        public Tensor select(long dim, long index) => s_selectInt.Call(this, dim, index);
        public Tensor index_select(long dim, Tensor index) => s_indexSelect.Call(this, dim, index);
        public Tensor flip(params long[] dims) => s_flip.Call(this, dims);
        public Tensor roll(long[] shifts, long[] dims) => s_roll.Call(this, shifts, dims);
        public Tensor gather(long dim, Tensor index) => s_gather.Call(this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => s_scatterSrc.Call(this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src)
        {
            s_scatterSrcInPlace.CallInPlace(this, dim, index, src);
            return this;
        }

        public Tensor scatter_add_(long dim, Tensor index, Tensor src)
        {
            s_scatterAddInPlace.CallInPlace(this, dim, index, src);
            return this;
        }

        public Tensor[] split(long size, int dim = 0) =>
            s_splitTensor.CallList(size > 0 ? (this.size(dim) + size - 1) / size : 1, this, size, (long)dim);

        public Tensor[] split(long[] sizes, long dim = 0) => s_splitWithSizes.CallList(sizes.Length, this, sizes, dim);
        public Tensor[] chunk(long chunks, long dim = 0) => s_chunk.CallList(chunks, this, chunks, dim);
        public Tensor[] unbind(long dimension = 0) => s_unbindInt.CallList(size((int)dimension), this, dimension);

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => At([i1]);
            set => SetAt([i1], value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => SetAt([i1, i2], value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => SetAt([i1, i2, i3], value);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => SetAt([i1, i2, i3, i4], value);
        }

        private Tensor At(ReadOnlySpan<long> indices)
        {
            var found = select(0, indices[0]);
            foreach (var index in indices[1..])
            {
                using var outer = found;
                found = outer.select(0, index);
            }
            return found;
        }

        private void SetAt(ReadOnlySpan<long> indices, Tensor value)
        {
            using var place = At(indices);
            place.copy_(value);
        }
    }
}
