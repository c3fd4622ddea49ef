using System.Net;
using MkdSeg.ML.Inference;
using MkdSeg.Service;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg serve</c>: a web page and a REST API.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var defaults = new ServiceOptions { Model = "" };
        var model = CommonOptions.Required<string>("--model", "The model bundle: a folder or a .zip.");
        var port = CommonOptions.WithDefault("--port", "The port; 0 picks a free one.", defaults.Port);
        var listen = CommonOptions.WithDefault(
            "--listen", "The address, such as 0.0.0.0 for all; any address but loopback needs --token-file.", "127.0.0.1");
        var tokenFile = CommonOptions.New<string?>(
            "--token-file", "A file with the bearer token that every request must carry, at least 16 characters.");
        var jobs = CommonOptions.New<string?>(
            "--jobs", "Folder for uploads and results; default: mkdseg/jobs in the user's local application data.");
        var keepHours = CommonOptions.WithDefault(
            "--keep-hours", "Hours until finished jobs are deleted.", defaults.KeepHours);
        var maxUpload = CommonOptions.WithDefault("--max-upload-mb", "Largest upload accepted, MiB.", defaults.MaxUploadMb);
        var queue = CommonOptions.WithDefault("--queue", "Maximum number of waiting jobs; more are refused.", defaults.Queue);
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command(
            "serve",
            "Serves a web page and a REST API that segment uploaded volumes: NIfTI, NRRD, MetaImage, DICOM.\n"
            + "The networks are loaded once; jobs run one at a time and survive a restart.\n"
            + "Listens on this machine only by default. Ctrl-C stops it.\n\n"
            + "Example: mkdseg serve --model onnx/phantom-ct\n"
            + "         mkdseg serve --model onnx/phantom-ct --listen 0.0.0.0 --token-file /etc/mkdseg/token")
        {
            model, port, listen, tokenFile, jobs, keepHours, maxUpload, queue, device, threads,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new ServiceOptions
            {
                Model = parsed.GetValue(model)!,
                Address = IPAddress.TryParse(parsed.GetValue(listen), out var address)
                    ? address
                    : throw new UserErrorException($"--listen is '{parsed.GetValue(listen)}'; give an address such as 0.0.0.0."),
                Port = parsed.GetValue(port),
                TokenFile = parsed.GetValue(tokenFile),
                Folder = parsed.GetValue(jobs),
                KeepHours = parsed.GetValue(keepHours),
                MaxUploadMb = parsed.GetValue(maxUpload),
                Queue = parsed.GetValue(queue),
                Inference = new() { Device = parsed.GetValue(device)!, Threads = parsed.GetValue(threads) },
                Log = JsonLog.Current?.Factory,
            };
            Console.WriteLine(Engines.Describe(options.Inference));
            await using var service = await SegmentationService.StartAsync(options, cancellation);
            Console.WriteLine($"Listening on {service.Address}; press Ctrl-C to stop.");
            await service.WaitAsync(cancellation);
            return 0;
        });
        return command;
    }
}
