using System.Globalization;

namespace MkdSeg.ML.Inference;

/// <summary>
/// Finds the heart in a volume of any extent with a network trained for this: one pass over the whole volume in large voxels.
/// The box encloses the largest connected part that is probably heart; if that part is too small or too improbable, there is
/// no heart.
/// </summary>
internal sealed class HeartLocator
{
    private readonly OnnxSegmentor _network;
    private readonly LocatorSettings _settings;
    private readonly int _sizeMultiple;

    /// <summary>Creates a locator with a network, which remains owned by the caller and must match the settings.</summary>
    public HeartLocator(OnnxSegmentor network, LocatorSettings settings, int sizeMultiple = 1)
    {
        settings.Validate("locator");
        if (network.Channels != settings.ContextSlices || network.ClassCount != 2)
        {
            throw new UserErrorException(
                $"{network.Name} takes {network.Channels} channels and has {network.ClassCount} classes; a locator with these "
                + $"settings takes {settings.ContextSlices} slices and has 2 classes.");
        }

        (_network, _settings, _sizeMultiple) = (network, settings, sizeMultiple);
    }

    /// <summary>Returns the box around the heart with the settings' margin; throws if there is no heart.</summary>
    public HeartBox Locate(Volume<float> volume, string name = HeartSegmenter.NoName, CancellationToken cancellation = default)
    {
        var found = Search(volume, cancellation);
        return found.Box ?? throw new UserErrorException(
            $"No heart found in {name}: {Describe(found)}; check that it shows the chest in the model's modality, or use the "
            + "crop rule Centre or Whole to label it all the same.");
    }

    /// <summary>Searches for the heart and returns what was found, whether or not it is one.</summary>
    public LocatorFinding Search(Volume<float> volume, CancellationToken cancellation = default)
    {
        var coarse = CoarseVolume.Make(volume, _settings);
        var probabilities = _network.Segment(
            CoarseVolume.Stack(coarse, _settings, _sizeMultiple), SliceFlips.None, cancellation);
        var size = probabilities.Grid.Size;
        var mask = new Volume<byte>(new(
            size, coarse.Grid.SpacingMm, coarse.Grid.OriginMm, coarse.Grid.Direction));
        for (var z = 0; z < size.Z; z++)
        {
            var heart = OfHeart(probabilities, z);
            var slice = mask.Slice(z);
            for (var i = 0; i < slice.Length; i++)
                slice[i] = heart[i] >= _settings.Threshold ? (byte)1 : (byte)0;
        }

        var largest = ConnectedComponents.KeepLargest(mask);
        var (count, sum) = (0L, 0.0);
        for (var z = 0; z < size.Z; z++)
        {
            var heart = OfHeart(probabilities, z);
            var slice = largest.Slice(z);
            for (var i = 0; i < slice.Length; i++)
            {
                count += slice[i];
                sum += slice[i] * heart[i];
            }
        }

        var (volumeMl, probability) = (count * mask.Grid.VoxelMl, count == 0 ? 0 : sum / count);
        var isHeart = count > 0 && volumeMl >= _settings.LeastVolumeMl && probability >= _settings.LeastProbability;
        return new(
            isHeart ? HeartBox.FromClasses(largest)!.Widened(_settings.MarginMm) : null, volumeMl, probability);
    }

    private static ReadOnlySpan<float> OfHeart(ProbabilityVolume probabilities, int slice)
    {
        var pixels = probabilities.Grid.Size.SliceLength;
        return probabilities.Values.AsSpan(((slice * 2) + 1) * pixels, pixels);
    }

    private string Describe(LocatorFinding found) => found.VolumeMl == 0
        ? "nothing in it looks like one"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the largest part that might be one has {found.VolumeMl:0} mL and a mean probability of "
            + $"{found.Probability:0.00}, but {_settings.LeastVolumeMl:0} mL and {_settings.LeastProbability:0.00} are "
            + $"needed");
}

/// <summary>The heart's box or null, with the volume and mean probability of the largest part that looks like a heart.</summary>
internal readonly record struct LocatorFinding(HeartBox? Box, double VolumeMl, double Probability);
