using System.Diagnostics;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Torch;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg train</c> and <c>mkdseg methods</c>: trains a method on a data set and exports a bundle.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var command = new Command(
            "train",
            "Trains on a data set and exports a model bundle (ONNX and model.json) into the run's folder. Ctrl-C saves a\n"
            + "checkpoint; --resume continues from there and gives bit-identical results.\n\n"
            + "Example: mkdseg train --data data/phantom/dataset.json --preset phantom --out runs/mkd\n"
            + "         mkdseg train --resume runs/mkd");
        var given = new TrainCommandOptions(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var run = given.RunFolder(parsed);
            var job = given.Job(parsed);
            var options = given.Options(parsed, job);
            Console.WriteLine(ComputeDevice.Describe(options.Device));
            if (given.IsDryRun(parsed))
            {
                var estimate = await ProgressDisplay.RunAsync(
                    $"Dry run of {options.Method}", progress => job.Estimate(options, progress));
                Console.WriteLine(Describe(estimate, options.Precision));
                return 0;
            }

            if (given.IsProfile(parsed))
            {
                Console.WriteLine(await ProgressDisplay.RunAsync(
                    $"Profile of {options.Method}", progress => job.Profile(options, progress: progress)));
                return 0;
            }

            var locator = given.LocatorFrom(parsed) is { } other ? LocatorFor(job, options, other) : null;
            var clock = Stopwatch.StartNew();
            try
            {
                await TrainingScreen.RunAsync(
                    $"Train {options.Method}",
                    progress => job.Run(options, run, progress, given.Resumption(parsed), cancellation),
                    cancellation);
            }
            catch (OperationCanceledException stop) when (File.Exists(Path.Combine(run, TrainingRun.ConfigurationFile)))
            {
                throw new StoppedException($"continue with: mkdseg train --resume {run}", stop);
            }

            var bundle = Path.Combine(run, TrainingJob.BundleFolder);
            locator?.AddTo(bundle);
            Console.WriteLine(
                $"Trained in {clock.Elapsed.TotalMinutes:0.0} min, {Environment.WorkingSet / 1e9:0.0} GB; bundle in {bundle}");
            return 0;
        });
        return command;
    }

    public static Command CreateMethods()
    {
        var command = new Command(
            "methods",
            "Lists the training methods: name, what it does, and the paper it comes from.\n\nExample: mkdseg methods");
        command.SetAction(_ =>
        {
            var width = TrainingMethods.All.Max(method => method.Name.Length);
            foreach (var method in TrainingMethods.All)
                Console.WriteLine($"{method.Name.PadRight(width)}  {method.Summary} [{method.Reference}]");
        });
        return command;
    }

    private static LocatorModel LocatorFor(TrainingJob job, TrainingOptions options, string path)
    {
        var bundle = ModelBundle.Load(path);
        return options.TakesPhotographs || bundle.Modality != job.TargetModality
            ? throw new UserErrorException(
                $"--locator-from: the locator of {bundle.Name} is for {bundle.Modality} volumes, but the training uses "
                + $"{(options.TakesPhotographs ? "photographs" : job.TargetModality)}; omit this option.")
            : LocatorModel.Of(bundle);
    }

    private static string Describe(TrainingEstimate estimate, Precision precision)
    {
        var networks = string.Join(", ", estimate.Networks.Select(network => $"{network.Role} {network.Parameters}"));
        // No engine reports how much GPU memory is in use.
        var memory = estimate.Device.StartsWith("cuda", StringComparison.Ordinal) ? "host memory" : "memory";
        var format = precision == Precision.Mixed ? "mixed precision" : "fp32";
        var assistant = estimate.AssistantSlices > 0 ? $", {estimate.AssistantSlices} assistant slices" : "";
        return $"""
            Dry run succeeded; nothing was written.
            data        {estimate.TargetSlices} target slices{assistant}
            networks    {networks} parameters
            device      {estimate.Device}, {format}, {estimate.MemoryGb:0.0} GB of {memory}
            time        {estimate.SecondsPerIteration:0.00} s per iteration, {estimate.Iterations} iterations: about {(int)estimate.Duration.TotalHours}:{estimate.Duration.Minutes:00} h
            """;
    }
}
