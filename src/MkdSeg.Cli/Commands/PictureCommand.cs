using MkdSeg.IO;
using MkdSeg.Rendering;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg picture</c>: a volume and its mask in three planes.</summary>
internal static class PictureCommand
{
    public static Command Create()
    {
        var volume = new Argument<string>("volume") { Description = "The volume." };
        var mask = CommonOptions.New<string?>("--mask", "A label file on the volume's grid.");
        var output = CommonOptions.Required<string>("--out", "The PNG file.");
        var lower = CommonOptions.WithDefault("--lower", "The intensity drawn as black.", -250.0);
        var upper = CommonOptions.WithDefault("--upper", "The intensity drawn as white.", 550.0);
        var labelSource = CommonOptions.Labels();
        var command = new Command(
            "picture",
            "Draws a volume in three planes, with the structures of a mask in colour.\n\n"
            + "Example: mkdseg picture ct.nii.gz --mask masks/ct.nii.gz --out ct.png")
        {
            volume, mask, output, labelSource, lower, upper,
        };
        command.SetAction(parsed =>
        {
            var (path, png) = (parsed.GetValue(volume)!, parsed.GetValue(output)!);
            var image = VolumeFile.ReadIntensities(path);
            var labels = CommonOptions.LabelsOf(parsed.GetValue(labelSource));
            var classes = parsed.GetValue(mask) is { } file ? labels.ToClasses(VolumeFile.ReadLabels(file), file) : null;
            if (classes is not null && classes.Grid.Size != image.Grid.Size)
            {
                throw new UserErrorException(
                    $"{parsed.GetValue(mask)} has {classes.Grid.Size} voxels, but {path} has {image.Grid.Size}; use a mask on "
                    + "the volume's grid.");
            }

            var picture = ThreePlanes.Draw(image, classes, labels, parsed.GetValue(lower), parsed.GetValue(upper));
            if (classes is not null)
            {
                var found = labels.Structures.Where(item => classes.Voxels.AsSpan().Contains((byte)item.ClassIndex));
                picture = Legend.Below(picture, [.. found]);
            }

            picture.SavePng(png);
            Console.WriteLine($"Axial, coronal and sagittal planes, {picture.Width}×{picture.Height} pixels: {png}");

            return 0;
        });
        return command;
    }
}
