using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Rendering;
using MkdSeg.Volumes;

namespace MkdSeg.TestKit;

/// <summary>Draws a small data set in the folder layout of Cityscapes and GTA5.</summary>
public static class StreetScenes
{
    public const int Width = 96;
    public const int Height = 48;

    /// <summary>The shipped manifest over a drawn data set.</summary>
    /// <param name="root">The data root, where the files go.</param>
    /// <param name="count">Photographs of each modality; the target has one more, in the split "val".</param>
    public static PhotographManifest Draw(string root, int count)
    {
        var manifest = (PhotographManifest)DatasetManifest.Load(
            Repository.File("data-manifests/gta5-cityscapes.json"), root);
        for (var i = 0; i <= count; i++)
        {
            var split = i == count ? "val" : "train";
            var city = i % 2 == 0 ? "aachen" : "bremen";
            var name = $"{city}_00000{i}_000019";
            Photograph(Path.Combine(root, "leftImg8bit", split, city, $"{name}_leftImg8bit.png"), i, night: false);
            var values = new Volume<byte>(
                new Grid(new(Width, Height, 1), new(1, 1, 1), default, Direction.Identity), Labels(i));
            PhotographFile.WriteLabels(
                values, Path.Combine(root, "gtFine", split, city, $"{name}_gtFine_labelIds.png"));
        }

        var palette = new int[35];
        foreach (var structure in manifest.Labels)
            palette[structure.Value] = Convert.ToInt32(structure.Color[1..], 16);
        Directory.CreateDirectory(Path.Combine(root, "labels"));
        for (var i = 0; i < count; i++)
        {
            Photograph(Path.Combine(root, "images", $"{i + 1:00000}.png"), i, night: true);
            PalettePng.Write(Path.Combine(root, "labels", $"{i + 1:00000}.png"), Width, Labels(i), palette);
        }

        return manifest;
    }

    /// <summary>Cityscapes' label ids: sky, road, a car, and the bonnet of the own car, which is no class.</summary>
    public static byte[] Labels(int scene)
    {
        var labels = new byte[Width * Height];
        for (var i = 0; i < labels.Length; i++)
        {
            var (x, y) = (i % Width, i / Width);
            var car = 10 + (7 * scene % 60);
            labels[i] = (byte)(y >= Height - 4 ? 1
                : x >= car && x < car + 16 && y is >= 20 and < 32 ? 26
                : y < 24 ? 23 : 7);
        }

        return labels;
    }

    private static void Photograph(string path, int scene, bool night)
    {
        var picture = new RgbPicture(Width, Height);
        var labels = Labels(scene);
        for (var i = 0; i < labels.Length; i++)
        {
            var (r, g, b) = labels[i] switch
            {
                23 => (110, 160, 220),
                26 => (200, 30, 40),
                7 => (120, 120, 120),
                _ => (20, 20, 20),
            };
            var light = night ? 2 : 1;
            picture.Set(i % Width, i / Width, (byte)(r / light), (byte)(g / light), (byte)(b / light));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        picture.SavePng(path);
    }
}
