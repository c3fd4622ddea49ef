using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Running;

namespace MkdSeg.Cli.Commands;

/// <summary>One run, started by <see cref="ExperimentCommand"/>; stops when standard input ends.</summary>
internal static class ExperimentRunCommand
{
    private const string Name = "experiment-run";
    private const string DataOption = "--data";
    private const string DataRootOption = "--data-root";

    private static readonly DirectProgress<WorkEvent> Lines = new(value =>
    {
        if (RunMessage.Format(value) is { } line)
            Console.WriteLine(line);
    });

    /// <summary>Creates the command, which the help does not list.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "The run's folder, which contains run.json." };
        var data = CommonOptions.Required<string>(DataOption, "The dataset manifest (.json).");
        var dataRoot = CommonOptions.Required<string>(DataRootOption, "Folder of the manifest's files.");
        var command = new Command(Name, "One run of an experiment; stops when its standard input ends.")
        {
            folder, data, dataRoot,
        };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            var run = new RunFolder(parsed.GetValue(folder)!);
            var specification = StrictJson.Load<RunSpecification>(run.SpecificationFile);
            var manifest = VolumeManifest.Load(parsed.GetValue(data)!, parsed.GetValue(dataRoot));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var parent = new Thread(() => StopAtEndOfInput(stop)) { IsBackground = true };
            parent.Start();
            await Task.Run(
                () => RunExecutor.Execute(run, specification, manifest, Lines, stop.Token),
                CancellationToken.None);
            return 0;
        });
        return command;
    }

    public static ProcessStartInfo Command(RunFolder folder, string manifest, string dataRoot, int threads)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        foreach (var argument in (string[])[Name, folder.Path, DataOption, manifest, DataRootOption, dataRoot])
            start.ArgumentList.Add(argument);
        if (threads > 0)
            start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    private static void StopAtEndOfInput(CancellationTokenSource stop)
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run had already finished.
        }
    }
}
