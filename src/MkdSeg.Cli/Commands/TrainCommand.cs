using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Cli.Display;
using MkdSeg.Common;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg train</c>: trains a method on a data set and exports a bundle.</summary>
internal static class TrainCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var switches = new TrainCommandOptions();
        var command = new Command(
            "train",
            "Trains on a data set and exports a model bundle (ONNX and model.json) into the run's folder. Ctrl-C saves a\n"
            + "checkpoint; --resume goes on from there and ends with the same bits.\n\n"
            + "Example: mkdseg train --data data/phantom/dataset.json --preset phantom --out runs/mkd\n"
            + "         mkdseg train --resume runs/mkd");
        switches.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var run = switches.RunFolder(parsed);
            var plan = switches.Plan(parsed);
            var options = switches.Options(parsed, plan);
            if (switches.IsDryRun(parsed))
            {
                var estimate = await ProgressDisplay.RunAsync(
                    $"Dry run of {options.Method}", steps => plan.Estimate(options, new TrainingDisplay(steps)));
                Console.WriteLine(Describe(estimate, options.Precision));
                return 0;
            }

            if (switches.IsProfile(parsed))
            {
                Console.WriteLine(await ProgressDisplay.RunAsync(
                    $"Profile of {options.Method}",
                    display => plan.Profile(options, progress: new TrainingDisplay(display))));
                return 0;
            }

            var locator = switches.LocatorFrom(parsed) is { } other ? LocatorFor(plan, options, other) : null;
            var clock = Stopwatch.StartNew();
            await TrainingScreen.RunAsync(
                $"Train {options.Method}",
                progress => plan.Run(options, run, progress, switches.Resumption(parsed), cancellation),
                cancellation);
            var bundle = Path.Combine(run, TrainingJob.BundleFolder);
            locator?.AddTo(bundle);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Trained in {clock.Elapsed.TotalMinutes:0.0} min, {Environment.WorkingSet / 1e9:0.0} GB; bundle in {bundle}"));
            return 0;
        });
        return command;
    }

    private static LocatorModel LocatorFor(TrainingJob plan, TrainingOptions options, string path)
    {
        var bundle = ModelBundle.Load(path);
        var takesPhotographs = options.Segmentor.InputChannels > 1;
        return takesPhotographs || bundle.Modality != plan.TargetModality
            ? throw new UserErrorException(
                $"--locator-from: the locator of {bundle.Name} is for volumes of {bundle.Modality}, and "
                + $"{(takesPhotographs ? "photographs" : plan.TargetModality)} are trained on; leave it out.")
            : LocatorModel.Of(bundle);
    }

    private static string Describe(TrainingEstimate estimate, Precision precision)
    {
        var networks = string.Join(", ", estimate.Networks.Select(network => $"{network.Role} {network.Parameters}"));
        // No engine says what a GPU's memory holds.
        var memory = estimate.Device.StartsWith("cuda", StringComparison.Ordinal) ? "host memory" : "memory";
        var format = precision == Precision.Mixed ? "mixed precision" : "fp32";
        var assistant = estimate.AssistantSlices > 0 ? $", {estimate.AssistantSlices} assistant slices" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Dry run succeeded; nothing was written.
            data        {estimate.TargetSlices} target slices{assistant}
            networks    {networks} parameters
            device      {estimate.Device}, {format}, {estimate.MemoryGb:0.0} GB of {memory}
            time        {estimate.SecondsPerIteration:0.00} s per iteration, {estimate.Iterations} iterations: about {(int)estimate.Duration.TotalHours}:{estimate.Duration.Minutes:00} h
            """);
    }
}
