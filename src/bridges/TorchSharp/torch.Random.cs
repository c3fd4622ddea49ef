using System.Runtime.InteropServices;
using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe string __version__ { get; } = Marshal.PtrToStringUTF8((nint)Native.ts_version())!;

    public static int get_num_threads() => Native.ts_threads();

    /// <summary>How many threads an operator may use; in libtorch the number belongs to the calling thread.</summary>
    public static void set_num_threads(int num) => Native.Check(Native.ts_set_threads(num));

    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.ts_manual_seed((ulong)seed));
        return Generator.Default;
    }

    public static long initial_seed() => Generator.Default.initial_seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        public static long initial_seed() => torch.initial_seed();
        public static Tensor get_rng_state() => torch.get_rng_state();
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    /// <summary>A stream of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is not null && device.type != DeviceType.CPU)
                throw new NotSupportedException("torch.Generator on another device than the CPU");
            _handle = Native.ts_new_generator(seed);
        }

        private Generator(nint handle) => _handle = handle;

        public static Generator Default { get; } = new(Native.ts_default_generator());

        public IntPtr Handle => _handle;

        public Device device => CPU;

        public Generator manual_seed(long seed)
        {
            Native.ts_seed_generator(_handle, (ulong)seed);
            return this;
        }

        public long initial_seed() => (long)Native.ts_generator_seed(_handle);

        public Tensor get_state() => new(Native.Check(Native.ts_generator_state(_handle)), 0);

        public void set_state(Tensor value)
        {
            Native.Check(Native.ts_set_generator_state(_handle, value.Handle));
            GC.KeepAlive(value);
        }

        ~Generator() => Dispose(false);

        public void Dispose()
        {
            if (ReferenceEquals(this, Default))
                return;
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle != 0)
                Native.ts_free_generator(_handle);
            _handle = 0;
        }
    }
}
