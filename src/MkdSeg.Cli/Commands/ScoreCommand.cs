using System.Globalization;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Photographs;
using MkdSeg.ML.Scoring;
using MkdSeg.Preprocessing;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg score</c> and <c>mkdseg merge-results</c>: labels volumes or photographs.</summary>
internal static class ScoreCommand
{
    private static readonly Dictionary<string, MaskFormats> Formats = new(StringComparer.Ordinal)
    {
        ["nifti"] = MaskFormats.Nifti,
        ["seg.nrrd"] = MaskFormats.SegNrrd,
        ["seg"] = MaskFormats.DicomSeg,
        ["overlay"] = MaskFormats.Overlay,
    };

    public static Command Create()
    {
        var input = new Argument<string?>("input")
        {
            Description = "A volume, or a folder of volumes (NIfTI, NRRD, MetaImage, DICOM) or photographs (PNG).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var model = new Option<string>("--model") { Description = "The model bundle: a folder or a .zip.", Required = true };
        var output = new Option<string>("--out") { Description = "Folder for masks and results.", Required = true };
        var crop = new Option<CropRule?>("--crop")
        {
            Description = "How volumes are cropped: located (default), centre, whole, or label (by the annotations next to "
                + "the volumes).",
        };
        var format = Format();
        var members = new Option<bool>("--members")
        {
            Description = "Also write each segmentor's own masks, in a folder named after it.",
        };
        var probabilities = new Option<bool>("--probabilities")
        {
            Description = "Also write each structure's probability, one file per structure in the folder 'probabilities'.",
        };
        var noCleanUp = new Option<bool>("--no-cleanup")
        {
            Description = "Keep the networks' masks as predicted: do not remove small parts or fill cavities.",
        };
        var force = new Option<bool>("--force") { Description = "Score finished cases again." };
        var strict = new Option<bool>("--strict") { Description = "Count doubtful cases as failed in the exit code." };
        var shard = new Option<string?>("--shard")
        {
            Description = "Score only part i of n, such as 3/8; 'mkdseg merge-results' merges the parts' results.",
        };
        var remote = new RemoteSource();
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command(
            "score",
            "Labels a volume, or every volume in a folder, with a model bundle; writes one mask per volume, in the\n"
            + "volume's own geometry. A bundle for photographs labels every PNG in the folder and its subfolders instead.\n"
            + "The same command resumes a stopped run: results of the same input, model and settings are kept.\n"
            + "A case is ok, doubtful (check its mask; results.csv gives the reason) or failed.\n"
            + "Exit code 0: none failed; 2: some failed; 1: nothing was labelled; 130: stopped.\n\n"
            + "Example: mkdseg score ct_folder --model onnx/phantom-ct --out masks\n"
            + "         mkdseg score ct.nii.gz --model onnx/phantom-ct --out masks\n"
            + "         mkdseg score --from https://pacs/dicom-web --study 1.2.3 --model onnx/phantom-ct --out masks --store")
        {
            input, model, output, crop, format, members, probabilities, noCleanUp, force, strict, shard, device, threads,
        };
        foreach (var option in remote.All)
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var bundle = ModelBundle.Load(parsed.GetValue(model)!);
            var inference = new InferenceOptions
            {
                Device = parsed.GetValue(device)!,
                Threads = parsed.GetValue(threads),
            };
            var (from, to) = (parsed.GetValue(input), parsed.GetValue(output)!);
            var isStrict = parsed.GetValue(strict);
            remote.Check(parsed, hasInput: from is not null);
            if (from is not null && !Path.Exists(from))
                throw new UserErrorException($"There is no file or folder {from}; check the path.");
            Console.WriteLine(Engines.Describe(inference));
            if (bundle.PhotographSide is not null)
            {
                using var photographs = new PhotographScorer(bundle, inference);
                return Report(
                    await RunAsync(progress => photographs.Score(
                        from ?? throw new UserErrorException("This bundle is for photographs, and a PACS has none; name a folder."),
                        to,
                        progress,
                        cancellation)),
                    "photographs", "label images", to, isStrict);
            }

            var part = CommonOptions.Fraction(shard.Name, parsed.GetValue(shard));
            if (part is not null && from is null)
                throw new UserErrorException("--shard divides a folder; with --from, select each part's studies with --study.");
            var scorer = new FolderScorer(bundle, new ScoringOptions
            {
                Crop = parsed.GetValue(crop),
                Formats = FormatsOf(parsed, format, remote.IsSent(parsed)),
                SegmentorMasks = parsed.GetValue(members),
                Probabilities = parsed.GetValue(probabilities),
                CleanUp = !parsed.GetValue(noCleanUp),
                Force = parsed.GetValue(force),
                Shard = part is { } numbers ? new(numbers.Index, numbers.Count) : null,
                Inference = inference,
            });
            var made = $"crop: {scorer.Crop.ToString().ToLowerInvariant()}; masks";
            if (from is null)
            {
                var found = await remote.RunAsync(parsed, scorer, bundle, to, cancellation);
                var code = Report(found.Scoring, "volumes", made, to, isStrict);
                return RemoteSource.Report(found, code);
            }

            return Report(
                await RunAsync(progress => scorer.Score(from, to, progress, cancellation)), "volumes", made, to, isStrict);
        });
        return command;
    }

    /// <summary>The option <c>--format</c>.</summary>
    public static Option<string[]> Format()
    {
        var format = new Option<string[]>("--format")
        {
            Description = "One or more of nifti (default), seg.nrrd for 3D Slicer and, for DICOM series, seg, a Segmentation "
                + "object (default with --store), and overlay, a series of images with outlines.",
            AllowMultipleArgumentsPerToken = true,
        };
        format.AcceptOnlyFromAmong([.. Formats.Keys]);
        return format;
    }

    /// <summary>The formats of <c>--format</c>; by default, DICOM SEG if results are sent to a server, else NIfTI.</summary>
    public static MaskFormats FormatsOf(ParseResult parsed, Option<string[]> format, bool isSent)
    {
        if (parsed.GetValue(format) is not { Length: > 0 } names)
            return isSent ? MaskFormats.DicomSeg : MaskFormats.Nifti;
        var formats = names.Aggregate((MaskFormats)0, (all, name) => all | Formats[name]);
        if (isSent && (formats & (MaskFormats.DicomSeg | MaskFormats.Overlay)) == 0)
            throw new UserErrorException("--store sends DICOM objects, but --format requests none; add seg, overlay or both.");
        return formats;
    }

    public static Command CreateMerge()
    {
        var output = new Argument<string>("out") { Description = "The output folder that all parts were scored into." };
        var strict = new Option<bool>("--strict") { Description = "Count doubtful cases as failed in the exit code." };
        var command = new Command(
            "merge-results",
            "Merges the results of all parts written by score --shard into results.csv and results.json.\n"
            + "The exit code is that of score for all parts together.\n\n"
            + "Example: mkdseg merge-results masks")
        {
            output, strict,
        };
        command.SetAction(parsed =>
        {
            var summary = ResultsMerger.Merge(parsed.GetValue(output)!);
            Console.WriteLine($"{Counts(summary, "volumes")}; all in {summary.ResultsFile}");
            return ExitCode(summary, parsed.GetValue(strict));
        });
        return command;
    }

    private static Task<ScoringSummary> RunAsync(Func<IProgress<WorkEvent>, ScoringSummary> work) =>
        ProgressDisplay.RunAsync("Score", work);

    private static int Report(ScoringSummary summary, string cases, string made, string output, bool isStrict)
    {
        // With --log-json, this has already been logged, without the name.
        foreach (var result in summary.Cases.Where(result =>
            JsonLog.Current is null && (result.Status is CaseStatus.Failed or CaseStatus.Doubtful)))
        {
            var what = result.Status == CaseStatus.Doubtful ? "doubtful: " : "";
            Console.Error.WriteLine($"mkdseg: {result.Case.Name}: {what}{result.Reason}");
        }

        var warned = summary.Cases.Where(result => result.Warnings.Count > 0).Select(result => result.Case.Name).ToList();
        if (warned.Count > 0)
            Console.WriteLine($"With warnings (see {Path.GetFileName(summary.ResultsFile)}): {Names(warned)}");
        Console.WriteLine(
            $"{Counts(summary, cases)}; {made} and {Path.GetFileName(summary.ResultsFile)} in {output}");
        if (!summary.IsCancelled)
            return ExitCode(summary, isStrict);
        return ErrorReport.PrintStopped(
            $"{summary.RemainingCount} of {summary.Cases.Count + summary.RemainingCount} left; "
            + "rerun the same command to resume.");
    }

    private static string Counts(ScoringSummary summary, string cases)
    {
        var kept = summary.KeptCount > 0 ? $" ({summary.KeptCount} of them earlier)" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.WrittenCount} {cases} labelled{kept}: {summary.OkCount} ok, {summary.DoubtfulCount} doubtful, ")
            + $"{summary.FailedCount} failed";
    }

    private static string Names(List<string> names)
    {
        const int shown = 5;
        if (JsonLog.Current is not null)
            return $"{names.Count} cases";
        return string.Join(", ", names.Take(shown)) + (names.Count > shown ? $" and {names.Count - shown} more" : "");
    }

    private static int ExitCode(ScoringSummary summary, bool isStrict) =>
        isStrict ? summary.StrictExitCode : summary.ExitCode;
}
