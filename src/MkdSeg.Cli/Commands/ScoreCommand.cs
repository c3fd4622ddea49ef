using System.CommandLine;
using MkdSeg.Bundles;
using MkdSeg.Cli.Display;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Photographs;
using MkdSeg.ML.Scoring;
using MkdSeg.Preprocessing;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg score</c>: labels a folder of volumes.</summary>
internal static class ScoreCommand
{
    private const string Nifti = "nifti";
    private const string SegNrrd = "seg.nrrd";
    private const string Both = "both";

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var input = new Argument<string>("folder")
        {
            Description = "The folder with the volumes (NIfTI, NRRD, MetaImage, DICOM), or photographs (PNG).",
        };
        var model = new Option<string>("--model") { Description = "The model bundle: a folder or a .zip.", Required = true };
        var output = new Option<string>("--out") { Description = "Where masks and results go.", Required = true };
        var crop = new Option<CropRule?>("--crop")
        {
            Description = "How the heart is framed: located (default), centre, whole, or label (by the annotations beside "
                + "the volumes).",
        };
        var format = new Option<string>("--format")
        {
            Description = "nifti (default), seg.nrrd for 3D Slicer, or both.",
            DefaultValueFactory = _ => Nifti,
        };
        format.AcceptOnlyFromAmong(Nifti, SegNrrd, Both);
        var members = new Option<bool>("--members")
        {
            Description = "Write each segmentor's own masks too, in a folder of its name.",
        };
        var probabilities = new Option<bool>("--probabilities")
        {
            Description = "Write each structure's probability too, one file per structure in the folder 'probabilities'.",
        };
        var noCleanUp = new Option<bool>("--no-cleanup")
        {
            Description = "Leave masks as the networks made them: no largest parts, no filled cavities.",
        };
        var force = new Option<bool>("--force") { Description = "Score cases again that are finished." };
        var shard = new Option<string?>("--shard")
        {
            Description = "Score only part i of n, such as 3/8; 'mkdseg merge-results' joins the parts' results.",
        };
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command(
            "score",
            "Labels every volume of a folder with a model bundle; one mask per volume, in the volume's own geometry.\n"
            + "A bundle for photographs labels every PNG of the folder and its subfolders instead.\n"
            + "Called again, it goes on where it stopped: a case is done when the same input, model and settings made it.\n"
            + "Exit code 0: all well; 2: some cases failed (results.csv says why); 1: nothing could be done.\n\n"
            + "Example: mkdseg score ct_folder --model onnx/phantom-ct --out masks")
        {
            input, model, output, crop, format, members, probabilities, noCleanUp, force, shard, device, threads,
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
                return await ScorePhotographs(
                    bundle, inference, parsed.GetValue(input)!, parsed.GetValue(output)!, cancellation);
            }

            var part = CommonOptions.Fraction("--shard", parsed.GetValue(shard));
            var scorer = new FolderScorer(bundle, new ScoringOptions
            {
                Crop = parsed.GetValue(crop),
                Formats = parsed.GetValue(format) switch
                {
                    SegNrrd => MaskFormats.SegNrrd,
                    Both => MaskFormats.Both,
                    _ => MaskFormats.Nifti,
                },
                SegmentorMasks = parsed.GetValue(members),
                Probabilities = parsed.GetValue(probabilities),
                CleanUp = !parsed.GetValue(noCleanUp),
                Force = parsed.GetValue(force),
                Shard = part is { } numbers ? new(numbers.Index, numbers.Count) : null,
                Inference = inference,
            });
            var summary = await ProgressDisplay.RunAsync("Score", steps => scorer.Score(
                parsed.GetValue(input)!,
                parsed.GetValue(output)!,
                ProgressTo(steps),
                cancellation));
            return await Report(
                summary, "volumes", $", crop: {scorer.Crop.ToString().ToLowerInvariant()}; masks",
                parsed.GetValue(output)!);
        });
        return command;
    }

    private static Relay<ScoringProgress> ProgressTo(ProgressDisplay steps) =>
        new(at => steps.Report((int)at.Done, (int)at.Total, at.Detail));

    private static async Task<int> Report(ScoringSummary summary, string cases, string made, string output)
    {
        foreach (var item in summary.Cases.Where(result => result.Status is CaseStatus.Failed or CaseStatus.Doubtful))
        {
            var status = item.Status == CaseStatus.Doubtful ? "doubtful: " : string.Empty;
            await Console.Error.WriteLineAsync($"mkdseg: {item.Case.Name}: {status}{item.Reason}");
        }

        var warned = summary.Cases.Count(result => result.Warnings.Count > 0);
        var details = (summary.KeptCount > 0 ? $" ({summary.KeptCount} of them before)" : string.Empty)
            + (summary.DoubtfulCount > 0 ? $", {summary.DoubtfulCount} of them doubtful" : string.Empty)
            + $", {summary.FailedCount} failed"
            + (warned > 0 ? $", {warned} with warnings" : string.Empty);
        var results = Path.GetFileName(summary.ResultsFile);
        Console.WriteLine($"{summary.WrittenCount} {cases} labelled{details}{made} and {results} in {output}");
        return summary.IsCancelled ? ErrorReport.Stopped : summary.ExitCode;
    }

    private static async Task<int> ScorePhotographs(
        ModelBundle bundle, InferenceOptions inference, string input, string output, CancellationToken cancellation)
    {
        using var photographs = new PhotographScorer(bundle, inference);
        var summary = await ProgressDisplay.RunAsync(
            "Score", steps => photographs.Score(input, output, ProgressTo(steps), cancellation));
        return await Report(summary, "photographs", "; label images", output);
    }
}
