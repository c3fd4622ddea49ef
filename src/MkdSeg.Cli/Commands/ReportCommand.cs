using MkdSeg.ML.Inference;
using MkdSeg.Reports;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg report</c>: one HTML page about a training run and its model's results.</summary>
internal static class ReportCommand
{
    private const string PageName = "report.html";

    public static Command Create()
    {
        var folders = new Argument<string[]>("folder")
        {
            Description = "The folder of a run or of its masks; give both if they differ.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = CommonOptions.New<string?>("--out", $"The output file; default: {PageName} in the first folder.");
        var compared = CommonOptions.New<string[]>(
            "--compare", "NAME=FOLDER: another model's masks of the same cases; may be repeated.");
        var data = CommonOptions.New<string?>(
            "--data", "The data set's manifest; default: dataset.json next to the volumes or one folder up.");
        var dataRoot = CommonOptions.DataRoot();
        var truth = CommonOptions.New<string?>(
            "--truth", "The folder of annotations; default: the manifest's, or those next to the volumes.");
        var model = CommonOptions.New<string?>("--model", "The model bundle; default: the run's.");
        var title = CommonOptions.New<string?>("--title", "The page's title; default: the model's name.");
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command(
            "report",
            "Writes one HTML page that needs neither a network nor other files: what was run on which data, Dice per\n"
            + "structure and case, learning curves, pictures, translations, timings, and a viewer for volumes and masks.\n"
            + "Scores are read from scores.csv if a folder contains one; otherwise masks are compared with annotations.\n"
            + "Sections without data are left out and listed.\n\n"
            + "Example: mkdseg report runs/mkd scored/mkd --compare baseline=scored/baseline")
        {
            folders, output, compared, data, dataRoot, truth, model, title, device, threads,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new ReportOptions
            {
                Folders = parsed.GetValue(folders)!,
                Compared =
                [
                    .. (parsed.GetValue(compared) ?? []).Select(text => CommonOptions.NamedFolder(text)
                        ?? throw new UserErrorException(
                            $"--compare is '{text}'; give a name and a folder, such as baseline={text}.")),
                ],
                Manifest = parsed.GetValue(data),
                DataRoot = parsed.GetValue(dataRoot),
                Truth = parsed.GetValue(truth),
                Model = parsed.GetValue(model),
                Title = parsed.GetValue(title),
                Inference = new InferenceOptions { Device = parsed.GetValue(device)!, Threads = parsed.GetValue(threads) },
            };
            Console.WriteLine(Engines.Describe(options.Inference));
            var page = parsed.GetValue(output) ?? Path.Combine(options.Folders[0], PageName);
            var summary = await ProgressDisplay.RunAsync(
                "Report", progress => Report.Write(options, page, progress, cancellation));
            foreach (var line in summary.LeftOut)
                Console.WriteLine($"Left out or shortened: {line}");
            Console.WriteLine($"Report of {summary.Bytes / 1e6:0.0} MB: {summary.Path}");
            return 0;
        });
        return command;
    }
}
