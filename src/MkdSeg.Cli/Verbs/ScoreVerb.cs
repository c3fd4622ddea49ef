using System.CommandLine;
using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Cli.Terminal;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Scoring;
using MkdSeg.Preprocessing;

namespace MkdSeg.Cli.Verbs;

/// <summary><c>mkdseg score</c>: labels a folder of volumes.</summary>
internal static class ScoreVerb
{
    /// <summary>The verb with its options.</summary>
    public static Command Create()
    {
        var input = new Argument<string>("folder")
        {
            Description = "The folder with the volumes (NIfTI, NRRD, MetaImage, DICOM), or photographs (PNG).",
        };
        var model = new Option<string>("--model") { Description = "The model bundle: a folder or a .zip.", Required = true };
        var output = new Option<string>("--out") { Description = "Where masks and results.csv go.", Required = true };
        var crop = new Option<CropRule?>("--crop")
        {
            Description = "How the heart is framed: located (default), centre, or whole.",
        };
        var members = new Option<bool>("--members")
        {
            Description = "Write each segmentor's own masks too, in a folder of its name.",
        };
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command(
            "score",
            "Labels every volume of a folder with a model bundle; one mask per volume, in the volume's own geometry.\n"
            + "A bundle for photographs labels every PNG of the folder and its subfolders instead.\n"
            + "Exit code 0: all well; 2: some volumes failed (results.csv says why); 1: nothing could be done.\n\n"
            + "Example: mkdseg score ct_folder --model onnx/phantom-ct --out masks")
        {
            input, model, output, crop, members, device, threads,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var bundle = ModelBundle.Load(parsed.GetValue(model)!);
            var inference = new InferenceOptions
            {
                Device = parsed.GetValue(device)!,
                Threads = parsed.GetValue(threads),
            };
            if (bundle.PhotographSide is not null)
            {
                using var photographs = new PhotographScorer(bundle, inference);
                var count = await Steps.RunAsync("Score", steps => photographs.Score(
                    parsed.GetValue(input)!,
                    parsed.GetValue(output)!,
                    (name, done, total) => steps.Report(done, total, name),
                    cancellation));
                Console.WriteLine($"{count} photographs labelled; label images in {parsed.GetValue(output)}");
                return 0;
            }

            var scorer = new FolderScorer(bundle, new ScoringOptions
            {
                Crop = parsed.GetValue(crop),
                SegmentorMasks = parsed.GetValue(members),
                Inference = inference,
            });
            var summary = await Steps.RunAsync("Score", steps => scorer.Score(
                parsed.GetValue(input)!,
                parsed.GetValue(output)!,
                new Relay<ScoringProgress>(at => steps.Report(
                    at.Done,
                    at.Total,
                    at.Stage is { } stage ? $"{at.CaseName} {stage.ToString().ToLowerInvariant()}" : at.CaseName)),
                cancellation));
            foreach (var failed in summary.Cases.Where(result => result.Status == CaseStatus.Failed))
            {
                await Console.Error.WriteLineAsync($"mkdseg: {failed.Case.Name}: {failed.Reason}");
            }

            var seconds = summary.Cases.Sum(result => result.Seconds.Values.Sum());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.OkCount} volumes labelled, {summary.FailedCount} failed, {seconds:0.0} s, crop: "
                + $"{scorer.Crop.ToString().ToLowerInvariant()}; masks and results.csv in {parsed.GetValue(output)}"));
            return summary.IsCancelled ? ErrorReport.Stopped : summary.ExitCode;
        });
        return command;
    }
}
