using Microsoft.ML;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Catalog;

/// <summary>Strings the steps together that a bundle's segmentors need.</summary>
internal static class SegmentationPipeline
{
    /// <summary>The rule that <see cref="SegmentationOptions.Crop"/> comes to for a bundle.</summary>
    public static CropRule EffectiveCrop(ModelBundle bundle, SegmentationOptions options) => options.Crop
        ?? (bundle.Preprocessing.Crop == CropRule.Label ? CropRule.Located : bundle.Preprocessing.Crop);

    public static IEstimator<ITransformer> Create(
        TransformsCatalog transforms, ModelBundle bundle, SegmentationOptions options)
    {
        NetworkFile[] segmentors = [.. bundle.Segmentors];
        if (segmentors.Length == 0)
        {
            throw new UserErrorException(
                $"The bundle {bundle.Name} has no segmentor, only {string.Join(", ", bundle.Networks.Select(n => n.Role))}; "
                + "a network whose role begins with S_ is needed.");
        }

        if (bundle.PhotographSide is not null)
        {
            throw new UserErrorException(
                $"The bundle {bundle.Name} takes photographs, not volumes; use {nameof(Scoring.PhotographScorer)} or "
                + "mkdseg score.");
        }

        var preprocessing = bundle.Preprocessing with { Crop = EffectiveCrop(bundle, options) };
        var sizeMultiple = SizeMultiple(bundle);
        var volume = options.VolumeColumnName;
        string[] networks = [.. segmentors.Select(segmentor => NetworkColumn(segmentor.Role))];
        string[] masks = [.. segmentors.Select(segmentor => SegmentationColumns.MaskOf(segmentor.Role))];
        var locator = preprocessing.Crop == CropRule.Located ? bundle.FindNetwork(NetworkRoles.Locator) : null;
        if (locator is not null)
        {
            // A locator's box has a margin already; with both, the networks would see slices as they never did in training.
            preprocessing = preprocessing with
            {
                ZMarginMm = Math.Max(0, preprocessing.ZMarginMm - bundle.Locator!.MarginMm),
            };
        }

        var steps = new List<IEstimator<ITransformer>>();
        // Each network is supplied once and shared by the steps that run it.
        steps.AddRange(segmentors.Zip(
            networks, (segmentor, column) => transforms.LoadNetwork(column, bundle.ReadNetwork(segmentor.Role))));
        if (locator is not null)
            steps.Add(transforms.LoadNetwork(NetworkColumn(locator.Role), bundle.ReadNetwork(locator.Role)));
        if (options.PathColumnName is { } path)
            steps.Add(transforms.LoadVolume(volume, path));
        var boxColumn = AddLocation();
        steps.Add(transforms.PrepareVolume(SegmentationColumns.Prepared, volume, new()
        {
            Preprocessing = preprocessing,
            BoxColumnName = boxColumn,
            SizeMultiple = sizeMultiple,
        }));
        var isCleaned = options.LargestComponentsOnly || options.FillHolesUpToMl > 0;
        var restored = isCleaned ? SegmentationColumns.RawMask : SegmentationColumns.Mask;
        if (options.KeepProbabilities)
            AddSingleSteps();
        else
            AddSegmentation();
        CleanUp(SegmentationColumns.Mask, restored);
        foreach (var mask in masks)
            CleanUp(mask, mask);
        steps.Add(transforms.MeasureVolumes(
            SegmentationColumns.VolumesMl, SegmentationColumns.Mask, bundle.LabelSet));
        if (segmentors.Length > 1)
            steps.Add(transforms.MeasureAgreement(SegmentationColumns.Agreement, masks, bundle.LabelSet));
        return steps.Aggregate((chain, step) => chain.Append(step));

        void AddSegmentation()
        {
            steps.Add(transforms.SegmentVolume(
                SegmentationColumns.Segmentation, SegmentationColumns.Prepared, networks, new()
                {
                    OriginalColumnName = volume,
                    Weights = options.Weights,
                    Flips = options.Flips,
                    Inference = options.Inference,
                }));
            steps.Add(transforms.DropColumns(networks));
            steps.Add(transforms.SelectMask(restored, SegmentationColumns.Segmentation));
            steps.AddRange(masks.Select((mask, i) => transforms.SelectMask(mask, SegmentationColumns.Segmentation, i)));
            if (segmentors.Length > 1)
            {
                steps.Add(transforms.SelectDisagreement(
                    SegmentationColumns.Disagreement, SegmentationColumns.Segmentation));
            }
        }

        void AddSingleSteps()
        {
            string[] probabilities =
                [.. segmentors.Select(segmentor => SegmentationColumns.ProbabilitiesOf(segmentor.Role))];
            for (var i = 0; i < segmentors.Length; i++)
            {
                steps.Add(transforms.SegmentSlices(
                    probabilities[i], SegmentationColumns.Prepared, networks[i],
                    new() { Inference = options.Inference, Flips = options.Flips }));
                steps.Add(transforms.RestoreGeometry(masks[i], probabilities[i], volume));
            }

            steps.Add(transforms.DropColumns(networks));
            steps.Add(transforms.AverageProbabilities(SegmentationColumns.Probabilities, probabilities, options.Weights));
            steps.Add(transforms.RestoreGeometry(restored, SegmentationColumns.Probabilities, volume));
            if (segmentors.Length > 1)
                steps.Add(transforms.MapDisagreement(SegmentationColumns.Disagreement, probabilities));
        }

        void CleanUp(string output, string input)
        {
            if (options.LargestComponentsOnly)
            {
                steps.Add(transforms.KeepLargestComponents(output, input));
                input = output;
            }

            // After the largest parts: where an island was cleared, there may be a cavity.
            if (options.FillHolesUpToMl > 0)
                steps.Add(transforms.FillHoles(output, input, options.FillHolesUpToMl));
        }

        string? AddLocation()
        {
            switch (preprocessing.Crop)
            {
                case CropRule.Label:
                    steps.Add(transforms.LocateLabels(SegmentationColumns.HeartBox, options.LabelColumnName));
                    return SegmentationColumns.HeartBox;
                case CropRule.Located when locator is not null:
                    steps.Add(transforms.LocateHeart(SegmentationColumns.HeartBox, volume, [NetworkColumn(locator.Role)], new()
                    {
                        Locator = bundle.Locator,
                        SizeMultiple = locator.SizeMultiple,
                        NameColumnName = options.NameColumnName ?? options.PathColumnName,
                        Inference = options.Inference,
                    }));
                    steps.Add(transforms.DropColumns(NetworkColumn(locator.Role)));
                    return SegmentationColumns.HeartBox;
                case CropRule.Located:
                    steps.Add(transforms.LocateHeart(SegmentationColumns.HeartBox, volume, networks, new()
                    {
                        Preprocessing = preprocessing,
                        SizeMultiple = sizeMultiple,
                        Inference = options.Inference,
                    }));
                    return SegmentationColumns.HeartBox;
                default:
                    return null;
            }
        }
    }

    private static string NetworkColumn(string role) => StepColumnNames.Network + "_" + role;

    /// <summary>What width and height must be multiples of for every segmentor of a bundle.</summary>
    public static int SizeMultiple(ModelBundle bundle) =>
        bundle.Segmentors.Select(segmentor => segmentor.SizeMultiple).Aggregate(1, LeastCommonMultiple);

    private static int LeastCommonMultiple(int a, int b)
    {
        var (x, y) = (a, b);
        while (y != 0)
            (x, y) = (y, x % y);
        return a / x * b;
    }
}
