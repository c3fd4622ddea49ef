using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Cli.Terminal;
using MkdSeg.Datasets;
using MkdSeg.Manifests;
using MkdSeg.Training;
using MkdSeg.Training.Bundles;
using MkdSeg.Training.Locating;

namespace MkdSeg.Cli.Verbs;

/// <summary><c>mkdseg train</c>: trains a method on a data set and exports a bundle.</summary>
internal static class TrainVerb
{
    /// <summary>Folder of the bundle inside a run's folder.</summary>
    public const string BundleFolder = "bundle";

    /// <summary>The verb with its options.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The dataset manifest (.json).", Required = true };
        var dataRoot = new Option<string?>("--data-root")
        {
            Description = "Where the manifest's files lie; default: beside the manifest.",
        };
        var output = new Option<string>("--out") { Description = "Folder of the run.", Required = true };
        var method = new Option<string>("--method")
        {
            Description = "The method's name; mkdseg methods lists them.",
            DefaultValueFactory = _ => "mkd",
        };
        var preset = new Option<string>("--preset")
        {
            Description = $"{string.Join(", ", TrainingPresets.All.Keys)}.",
            DefaultValueFactory = _ => "phantom",
        };
        var iterations = new Option<int?>("--iterations") { Description = "Instead of the preset's." };
        var target = new Option<string?>("--target-modality")
        {
            Description = "The modality to segment; default: CT, or what a manifest of photographs says.",
        };
        var assistant = new Option<string?>("--assistant-modality")
        {
            Description = "The modality that helps; default: MR, or what a manifest of photographs says.",
        };
        var fold = new Option<int?>("--fold")
        {
            Description = "Cross-validation: leave out the target cases of this fold. Default: train on the split 'train'.",
        };
        var locatorIterations = new Option<int>("--locator-iterations")
        {
            Description = "Updates of the network that finds the heart in whole volumes; 0 trains none.",
            DefaultValueFactory = _ => new LocatorOptions().Iterations,
        };
        var locatorFrom = new Option<string?>("--locator-from")
        {
            Description = "A bundle whose locator is taken over instead of training one.",
        };
        var name = new Option<string?>("--name") { Description = "The bundle's name; default: the run folder's." };
        var seed = new Option<ulong>("--seed")
        {
            Description = "The same seed gives the same weights on the same machine with as many threads.",
            DefaultValueFactory = _ => 1,
        };
        var device = new Option<DeviceKind>("--device")
        {
            Description = "auto, cpu, or cuda.",
            DefaultValueFactory = _ => DeviceKind.Auto,
        };
        var threads = CommonOptions.Threads();
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on from the last checkpoint in the run's folder, with the options it was begun with.",
        };
        var command = new Command(
            "train",
            "Trains on a data set and exports a model bundle (ONNX and model.json) into the run's folder.\n\n"
            + "Example: mkdseg train --data data/phantom/dataset.json --preset phantom --out runs/mkd")
        {
            data, dataRoot, output, method, preset, iterations, target, assistant, fold, name, seed, device, threads, resume,
            locatorIterations, locatorFrom,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var manifest = DatasetManifest.Load(parsed.GetValue(data)!, parsed.GetValue(dataRoot));
            manifest.Validate(checkHashes: false);
            var options = TrainingPresets.Find(parsed.GetValue(preset)!) with
            {
                Method = parsed.GetValue(method)!,
                Seed = parsed.GetValue(seed),
                Device = parsed.GetValue(device),
                Threads = parsed.GetValue(threads),
            };
            options = options with { Iterations = parsed.GetValue(iterations) ?? options.Iterations };
            var other = parsed.GetValue(locatorFrom) is { } path ? ModelBundle.Load(path) : null;
            var found = other is null ? null : LocatorModel.Of(other);
            if (found is null && parsed.GetValue(locatorIterations) is not 0 and var updates)
            {
                options = options with { Locator = new() { Iterations = updates } };
            }

            var photographs = manifest as PhotographManifest;
            options = photographs is null ? options : options.ForPhotographs(photographs.Channels);
            var run = parsed.GetValue(output)!;
            var source = new TrainingSource(
                parsed.GetValue(name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run))),
                parsed.GetValue(target) ?? photographs?.TargetModality ?? "CT",
                parsed.GetValue(assistant) ?? photographs?.AssistantModality ?? "MR",
                manifest.LabelSet,
                options)
            {
                TakesPhotographs = photographs is not null,
            };
            if (other is not null && (source.TakesPhotographs || other.Modality != source.TargetModality))
            {
                throw new UserErrorException(
                    $"--locator-from: the locator of {other.Name} is for volumes of {other.Modality}, and "
                    + $"{(source.TakesPhotographs ? "photographs" : source.TargetModality)} are trained on; leave it out.");
            }

            var clock = Stopwatch.StartNew();
            var bundle = Path.Combine(run, BundleFolder);
            await Steps.RunAsync($"Train {options.Method}", steps => Train(
                manifest,
                source,
                parsed.GetValue(fold),
                run,
                bundle,
                new TrainingDisplay(steps),
                parsed.GetValue(resume),
                cancellation));
            found?.AddTo(bundle);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Trained in {clock.Elapsed.TotalMinutes:0.0} min, {Environment.WorkingSet / 1e9:0.0} GB; bundle in {bundle}"));
            return 0;
        });
        return command;
    }

    private static ModelBundle Train(
        DatasetManifest manifest,
        TrainingSource source,
        int? fold,
        string run,
        string bundle,
        ITrainingProgress progress,
        bool resume,
        CancellationToken cancellation)
    {
        switch (manifest)
        {
            case VolumeManifest volumes:
                return TrainingRun.Execute(
                    source,
                    Read(volumes, source.TargetModality, fold),
                    Read(volumes, source.AssistantModality, null),
                    run,
                    bundle,
                    progress,
                    resume,
                    cancellation);
            case PhotographManifest when fold is not null:
                throw new UserErrorException(
                    $"--fold was given, but {manifest.Name} is made of photographs, which have no folds; leave it out.");
            case PhotographManifest photographs:
                return TrainingRun.Execute(
                    source,
                    Read(photographs, source.TargetModality),
                    Read(photographs, source.AssistantModality),
                    run,
                    bundle,
                    progress,
                    resume,
                    cancellation);
            default:
                throw new UserErrorException($"{manifest.Name}: nothing can be trained on this kind of data set.");
        }
    }

    private static IEnumerable<LabelledPhotograph> Read(PhotographManifest manifest, string modality) =>
        manifest.CasesOf(modality).Where(entry => entry.Split is null or "train")
            .Select(new PhotographReader(manifest).Read);

    // One volume in memory at a time: what training keeps of it are the slices it cuts.
    private static IEnumerable<LabelledVolume> Read(VolumeManifest manifest, string modality, int? testFold)
    {
        var cases = testFold is { } fold
            ? manifest.SplitByFold(fold).Train.Where(entry => entry.Modality == modality)
            : manifest.CasesOf(modality).Where(entry => entry.Split is null or "train");
        return cases.Select(new DatasetReader(manifest).Read);
    }
}
