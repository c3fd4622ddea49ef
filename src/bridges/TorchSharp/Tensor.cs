using System.Globalization;
using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Owns one reference to a tensor of libtorch.</summary>
    public unsafe partial class Tensor : IDisposable
    {
        private static long s_count;
        private static long s_peak;

        // The garbage collector sees small objects only; without a word from us it would let gigabytes of forgotten
        // tensors pile up. Tensors in a scope need no word: their end is certain.
        private const long OverheadBytes = 512;

        private readonly long _bytes;
        private nint _handle;
        private DisposeScope? _owningScope;
        private bool _pressureAdded;

        internal int PlaceInScope;

        internal Tensor(nint handle, long bytes, bool register = true)
        {
            _handle = handle;
            _bytes = bytes + OverheadBytes;
            var count = Interlocked.Increment(ref s_count);
            if (count > s_peak)
                s_peak = count;
            if (register && DisposeScope.Current is { } scope)
                scope.Add(this);
            else
                AddPressure();
        }

        public static long TotalCount => s_count;
        public static long PeakCount => s_peak;

        public IntPtr Handle =>
            _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        internal long Bytes => _bytes - OverheadBytes;

        internal DisposeScope? OwningScope
        {
            get => _owningScope;
            set
            {
                _owningScope = value;
                if (value is null)
                    AddPressure();
                else
                    RemovePressure();
            }
        }

        ~Tensor() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0)
                return;
            if (disposing)
                _owningScope?.MarkAsDisposed(this);
            RemovePressure();
            Interlocked.Decrement(ref s_count);
            Native.ts_free(handle);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningScope is { } scope)
                scope.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        /// <summary>Gives up the reference, which the caller then owns; this object becomes invalid.</summary>
        internal nint TakeHandle()
        {
            var handle = Handle;
            _handle = 0;
            RemovePressure();
            Interlocked.Decrement(ref s_count);
            GC.SuppressFinalize(this);
            return handle;
        }

        public string? name { get; set; }

        public long Dimensions => Info().Dimensions;
        public long ndim => Info().Dimensions;
        public long dim() => Info().Dimensions;
        public long NumberOfElements => Info().Elements;
        public long numel() => Info().Elements;
        public long ElementSize => dtype.ElementSize();
        public long element_size() => ElementSize;
        public ScalarType dtype => (ScalarType)Info().Type;
        public DeviceType device_type => (DeviceType)Info().DeviceType;
        public int device_index => Info().DeviceIndex;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_leaf => Info().IsLeaf != 0;
        public bool is_contiguous() => Info().IsContiguous != 0;
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);

        public Device device
        {
            get
            {
                var info = Info();
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public long[] shape
        {
            get
            {
                var sizes = new long[Info().Dimensions];
                fixed (long* pointer = sizes)
                    Native.ts_sizes(Handle, pointer, null);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim) => shape[dim < 0 ? dim + (int)Dimensions : dim];

        public long[] stride()
        {
            var strides = new long[Info().Dimensions];
            var sizes = stackalloc long[strides.Length];
            fixed (long* pointer = strides)
                Native.ts_sizes(Handle, sizes, pointer);
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[dim < 0 ? dim + (int)Dimensions : dim];

        public override string ToString()
        {
            var text = string.Create(
                CultureInfo.InvariantCulture, $"[{string.Join('x', shape)}], type = {dtype}, device = {device}");
            return Dimensions == 0 ? $"{text}, value = {this.ToDouble().ToString(CultureInfo.InvariantCulture)}" : text;
        }

        public override bool Equals(object? obj) =>
            obj is Tensor other && (ReferenceEquals(this, other) || s_equal.CallValue(this, other).Payload != 0);

        public override int GetHashCode() => Handle.GetHashCode();

        private static readonly Operator s_equal = new("equal");

        internal TensorInfo Info()
        {
            TensorInfo info;
            Native.ts_info(Handle, &info);
            GC.KeepAlive(this);
            return info;
        }

        private void AddPressure()
        {
            if (_pressureAdded || _handle == 0)
                return;
            _pressureAdded = true;
            GC.AddMemoryPressure(_bytes);
        }

        private void RemovePressure()
        {
            if (!_pressureAdded)
                return;
            _pressureAdded = false;
            GC.RemoveMemoryPressure(_bytes);
        }
    }
}
