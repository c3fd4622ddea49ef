using System.Globalization;
using System.Text;
using MkdSeg.Bundles;
using MkdSeg.ML.Inference;
using MkdSeg.Volumes;

namespace MkdSeg.Experiments.Diagnosis;

/// <summary>
/// Examines the segmentors of a bundle where they teach: on target images, and on assistant images translated by the
/// bundle's generator. Volumes are cropped around their annotations.
/// </summary>
internal static class TeacherDiagnosis
{
    /// <summary>Returns a row for each segmentor and kind of image; without a generator, target images only.</summary>
    /// <exception cref="UserErrorException">The bundle is for photographs, or a modality has no annotated case.</exception>
    public static IReadOnlyList<TeacherRow> Examine(
        ModelBundle bundle,
        VolumeManifest manifest,
        InferenceOptions inference,
        IProgress<WorkEvent> progress,
        CancellationToken cancellation = default)
    {
        if (bundle.PhotographSide is not null)
        {
            throw new UserErrorException(
                $"The bundle '{bundle.Name}' labels photographs; only bundles for volumes can be diagnosed.");
        }

        var target = CasesOf(manifest, bundle.Modality);
        var hasGenerator = bundle.FindNetwork(NetworkRoles.GeneratorToTarget) is not null;
        var assistant = hasGenerator ? CasesOf(manifest, bundle.AssistantModality!) : [];
        using var generator = hasGenerator
            ? new OnnxTranslator(bundle.ReadNetwork(NetworkRoles.GeneratorToTarget), inference, NetworkRoles.GeneratorToTarget)
            : null;
        var segmentors = bundle.Segmentors
            .Select(network => (
                network.Role,
                Network: OnnxSegmentor.Shared(
                    bundle.ReadNetwork(network.Role), inference, network.Role, bundle.Preprocessing.Context)))
            .ToList();
        var reader = new DatasetReader(manifest);
        var done = 0;
        var rows = new List<TeacherRow>();
        Examine(bundle.Modality, target, bundle.Preprocessing, image => image);
        if (generator is not null)
        {
            Examine(
                $"{bundle.AssistantModality} as {bundle.Modality}",
                assistant,
                bundle.AssistantPreprocessing ?? bundle.Preprocessing,
                image => generator.Translate(image, cancellation));
        }

        return [.. rows.OrderBy(row => row.Segmentor, StringComparer.Ordinal)];

        void Examine(
            string images,
            List<CaseEntry> cases,
            PreprocessingOptions preprocessing,
            Func<Volume<float>, Volume<float>> translate)
        {
            var statistics = segmentors.ConvertAll(_ => new TeacherStatistics(bundle.LabelSet.ClassCount));
            foreach (var entry in cases)
            {
                cancellation.ThrowIfCancellationRequested();
                var volume = reader.Read(entry);
                var (image, classes) = Preprocessor.PrepareLabelled(
                    volume.Image,
                    volume.Classes!,
                    preprocessing with { Crop = CropRule.Label },
                    bundle.Networks.Max(network => network.SizeMultiple));
                image = translate(image);
                for (var i = 0; i < segmentors.Count; i++)
                    statistics[i].Add(segmentors[i].Network.Segment(image, cancellation: cancellation), classes);
                progress.Report(new WorkProgress(++done, target.Count + assistant.Count, entry.Id));
            }

            rows.AddRange(segmentors.Zip(statistics, (segmentor, values) =>
                new TeacherRow(segmentor.Role, images, cases.Count, values)));
        }
    }

    /// <summary>The rows as a Markdown table.</summary>
    public static string ToMarkdown(IEnumerable<TeacherRow> rows)
    {
        var text = new StringBuilder(
            "| segmentor | images | volumes | mean Dice | accuracy | confidence | calibration error | entropy, nats |\n"
            + "|---|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (var (segmentor, images, volumes, values) in rows)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {segmentor} | {images} | {volumes} | {values.MeanDice:.000} | {values.Accuracy:.000} | {values.Confidence:.000} | {values.CalibrationError:.000} | {values.Entropy:.000} |\n");
        }

        return text.ToString();
    }

    // Unseen cases if the manifest has some.
    private static List<CaseEntry> CasesOf(VolumeManifest manifest, string modality)
    {
        var annotated = manifest.CasesOf(modality).Where(entry => Path.Exists(manifest.LabelPath(entry))).ToList();
        var test = annotated.FindAll(entry => entry.Split == "test");
        if (annotated.Count == 0)
        {
            throw new UserErrorException(
                $"The data set '{manifest.Name}' has no annotated {modality} case on disk; give a manifest with some.");
        }

        return test.Count > 0 ? test : annotated;
    }
}

/// <summary>A segmentor on one kind of image.</summary>
internal sealed record TeacherRow(string Segmentor, string Images, int Volumes, TeacherStatistics Values);
