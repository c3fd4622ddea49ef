using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Rendering;

namespace MkdSeg.Reports.Pictures;

/// <summary>Draws slices of the assistant modality, translated by one generator and back by the other.</summary>
internal static class TranslationPictures
{
    private const int Examples = 3;

    /// <summary>Draws the middle slice of each of the first assistant cases; the test split comes first.</summary>
    public static IReadOnlyList<TranslationExample> Draw(
        ModelBundle bundle, VolumeManifest manifest, InferenceOptions inference, CancellationToken cancellation)
    {
        var preprocessing = bundle.AssistantPreprocessing ?? bundle.Preprocessing;
        using var toTarget = Open(NetworkRoles.GeneratorToTarget);
        using var toAssistant = Open(NetworkRoles.GeneratorToAssistant);
        var cases = manifest.CasesOf(bundle.AssistantModality!)
            .Where(entry => Path.Exists(manifest.ImagePath(entry)))
            .Where(entry => preprocessing.Crop != CropRule.Label || Path.Exists(manifest.LabelPath(entry)))
            .OrderBy(entry => entry.Split == "test" ? 0 : 1)
            .Take(Examples);
        var reader = new DatasetReader(manifest);
        var multiple = bundle.Networks.Max(network => network.SizeMultiple);
        var examples = new List<TranslationExample>();
        foreach (var entry in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            var volume = reader.Read(entry);
            var box = volume.Classes is null ? null : HeartBox.FromClasses(volume.Classes);
            var prepared = Preprocessor.Prepare(volume.Image, preprocessing, box, multiple);
            var original = MiddleSlice(prepared, preprocessing.Context);
            var translated = toTarget.Translate(original, cancellation);
            var back = toAssistant.Translate(translated, cancellation);
            examples.Add(new(
                entry.Id,
                bundle.AssistantModality!,
                bundle.Modality,
                Png(original),
                Png(translated),
                Png(back),
                MeanDifference(original, back)));
        }

        return examples;

        OnnxTranslator Open(string role) => new(bundle.ReadNetwork(role), inference, role);
    }

    // With the neighbouring slices that the networks see.
    private static Volume<float> MiddleSlice(Volume<float> volume, SliceContext context)
    {
        var grid = volume.Grid;
        var slices = new Volume<float>(
            new(grid.Size with { Z = context.Slices }, grid.SpacingMm, grid.OriginMm, grid.Direction));
        context.Gather(volume, grid.Size.Z / 2, slices.Voxels);
        return slices;
    }

    // Mean |difference| in the networks' units, as in the cycle loss.
    private static double MeanDifference(Volume<float> a, Volume<float> b) =>
        a.Voxels.Zip(b.Voxels, (p, q) => Math.Abs(p - q)).Average(value => (double)value);

    private static byte[] Png(Volume<float> slice)
    {
        var size = slice.Grid.Size;
        var picture = new RgbPicture(size.X, size.Y);
        for (var y = 0; y < size.Y; y++)
        {
            for (var x = 0; x < size.X; x++)
            {
                var grey = (byte)Math.Clamp((slice[x, y, size.Z / 2] + 1) * 127.5f, 0, 255);
                picture.Set(x, y, grey, grey, grey);
            }
        }

        return picture.ToPng();
    }
}
