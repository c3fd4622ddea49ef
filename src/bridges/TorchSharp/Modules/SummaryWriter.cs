using Google.Protobuf;
using TorchSharp.Utils.tensorboard;
using TorchSharp.Utils.tensorboard.Events;

namespace TorchSharp.Modules
{
    /// <summary>Writes an event file that TensorBoard shows.</summary>
    public class SummaryWriter
    {
        private readonly EventFile _file;

        internal SummaryWriter(string? log_dir, string? filename_suffix, bool createRunName)
        {
            log_dir ??= "runs";
            LogDir = createRunName
                ? Path.Combine(log_dir, $"{DateTime.Now:MMMdd_HH-mm-ss}_{Environment.MachineName}")
                : log_dir;
            _file = new(LogDir, filename_suffix);
        }

        public string LogDir { get; }

        public void add_scalar(string tag, float scalar_value, int global_step, long? walltime = null) =>
            Append(new() { Tag = tag, SimpleValue = scalar_value }, global_step, walltime);

        /// <summary>Adds an image of bytes 0 to 255, or of real values 0 to 1.</summary>
        public void add_img(
            string tag, torch.Tensor img_tensor, int global_step, long? walltime = null, string dataformats = "CHW")
        {
            using var scope = torch.NewDisposeScope();
            var pixels = HeightWidthChannels(img_tensor, dataformats);
            if (img_tensor.dtype != torch.ScalarType.Byte)
                pixels = pixels.to_type(torch.ScalarType.Float32).mul(255).clamp(0, 255).to_type(torch.ScalarType.Byte);
            var (height, width, channels) = ((int)pixels.shape[0], (int)pixels.shape[1], (int)pixels.shape[2]);
            if (channels is not (1 or 3 or 4))
                throw new ArgumentException($"An image has 1, 3 or 4 channels, not {channels}.", nameof(img_tensor));
            using var values = pixels.cpu().contiguous().data<byte>();
            var image = new Summary.Types.Image
            {
                Height = height,
                Width = width,
                Colorspace = channels,
                EncodedImageString = ByteString.CopyFrom(PngImage.Encode(values.ToArray(), height, width, channels)),
            };
            Append(new() { Tag = tag, Image = image }, global_step, walltime);
        }

        private static torch.Tensor HeightWidthChannels(torch.Tensor image, string format) => format switch
        {
            "CHW" => image.permute(1, 2, 0),
            "HWC" => image,
            "HW" => image.unsqueeze(2),
            _ => throw new NotSupportedException(
                $"SummaryWriter.add_img takes images in the format CHW, HWC or HW, not {format}."),
        };

        private void Append(Summary.Types.Value value, int step, long? walltime) => _file.Append(new()
        {
            WallTime = walltime ?? (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0),
            Step = step,
            Summary = new() { Value = { value } },
        });
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class utils
        {
            public static class tensorboard
            {
                /// <summary>A writer of a new event file.</summary>
                /// <param name="log_dir">The folder; "runs" where it is null.</param>
                /// <param name="filename_suffix">What the file's name ends in.</param>
                /// <param name="createRunName">Whether the file goes to a folder of its own, named by time and machine.</param>
                public static Modules.SummaryWriter SummaryWriter(
                    string? log_dir = null, string? filename_suffix = null, bool createRunName = false) =>
                    new(log_dir, filename_suffix, createRunName);
            }
        }
    }
}
