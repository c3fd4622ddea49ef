using System.Globalization;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Scoring;
using MkdSeg.Pacs.Dicomweb;
using MkdSeg.Pacs.Scoring;
using MkdSeg.Pacs.Watching;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg watch</c>: scores the series that arrive in a folder.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("folder")
        {
            Description = "The folder that a DICOM receiver such as dcmtk's storescp writes to.",
        };
        var model = CommonOptions.Required<string>("--model", "The model bundle: a folder or a .zip.");
        var output = CommonOptions.Required<string>("--out", "Folder for masks and results.");
        var quiet = CommonOptions.WithDefault(
            "--quiet", "Seconds without new images after which a series is scored.", 30.0);
        var format = ScoreCommand.Format();
        var store = CommonOptions.New<string?>(
            "--store", "Send the DICOM objects to this DICOMweb server, such as https://pacs/dicom-web.");
        var pacs = new PacsOptions();
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command(
            "watch",
            "Scores the DICOM series that arrive in a folder, each only once, even after a restart; Ctrl-C stops it.\n"
            + "With --store, the resulting objects (--format seg, overlay or both; default: seg) are sent to a PACS.\n"
            + "Nothing in the folder is changed or deleted.\n\n"
            + "Example: storescp --fork --output-directory incoming 11112 &\n"
            + "         mkdseg watch incoming --model onnx/phantom-ct --out masks --store https://pacs/dicom-web")
        {
            folder, model, output, quiet, format, store,
        };
        foreach (var option in pacs.All)
            command.Options.Add(option);
        command.Options.Add(device);
        command.Options.Add(threads);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (!(parsed.GetValue(quiet) > 0))
                throw new UserErrorException($"--quiet is {parsed.GetValue(quiet)}; give more than 0 seconds.");
            var inference = new InferenceOptions { Device = parsed.GetValue(device)!, Threads = parsed.GetValue(threads) };
            var formats = ScoreCommand.FormatsOf(parsed, format, isSent: parsed.GetValue(store) is not null);
            using var client = parsed.GetValue(store) is { } address
                ? new DicomwebClient(pacs.Server(parsed, store.Name, address), Say)
                : null;
            Console.WriteLine(Engines.Describe(inference));
            var scorer = new FolderScorer(
                ModelBundle.Load(parsed.GetValue(model)!), new() { Formats = formats, Inference = inference });
            using var ledger = new SeriesLedger(parsed.GetValue(output)!);
            var watch = new FolderWatch(
                parsed.GetValue(folder)!,
                TimeSpan.FromSeconds(parsed.GetValue(quiet)),
                new(scorer, ledger),
                ledger,
                client is null ? null : new(client, ledger),
                Say);
            Say($"Watching {parsed.GetValue(folder)}; press Ctrl-C to stop.");
            await Task.Run(() => watch.RunAsync(cancellation), CancellationToken.None);
            return 0;
        });
        return command;
    }

    // A JSON log already has the time of each line.
    private static void Say(string line) => Console.WriteLine(
        JsonLog.Current is null ? $"{DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {line}" : line);
}
