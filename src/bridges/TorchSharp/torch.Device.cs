using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device CUDA => new(DeviceType.CUDA);

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>A device and, for more than one of its kind, its number; −1 is the current one.</summary>
    public class Device
    {
        public Device(string description)
        {
            var colon = description.IndexOf(':', StringComparison.Ordinal);
            type = Parse(colon < 0 ? description : description[..colon]);
            index = colon < 0 ? -1 : int.Parse(description.AsSpan(colon + 1), CultureInfo.InvariantCulture);
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType), index)
        {
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public DeviceType type { get; }

        public int index { get; }

        public override string ToString()
        {
            var name = type == DeviceType.CUDA ? "cuda" : type == DeviceType.CPU ? "cpu" : type.ToString();
            return index < 0 ? name : $"{name}:{index}";
        }

        public static implicit operator Device(string description) => new(description);

        private static DeviceType Parse(string name) => name switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            _ => throw new NotSupportedException($"torch.Device: '{name}' is neither cpu nor cuda."),
        };
    }

    public static class cuda
    {
        public static bool is_available() => Internals.Native.ts_cuda_devices() > 0;

        public static int device_count() => Internals.Native.ts_cuda_devices();

        public static void synchronize(Device? device = null) =>
            Internals.Native.Check(Internals.Native.ts_cuda_synchronize(device?.index ?? -1));
    }

    public static class backends
    {
        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => Internals.Native.ts_cudnn_tf32() != 0;
                set => Internals.Native.ts_set_cudnn_tf32(value ? 1 : 0);
            }
        }
    }
}
