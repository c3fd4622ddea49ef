using System.Diagnostics;
using MkdSeg.Training.Data;
using MkdSeg.Training.Torch;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg train-locator</c>: trains a bundle's locator.</summary>
internal static class TrainLocatorCommand
{
    public static Command Create()
    {
        var defaults = new LocatorOptions();
        var into = CommonOptions.Required<string>(
            "--into", "The bundle's folder; its other networks are left unchanged.");
        var data = CommonOptions.New<string?>(
            "--data", "A dataset manifest (.json) whose training cases are also used; default: phantom volumes only.");
        var dataRoot = CommonOptions.DataRoot();
        var iterations = CommonOptions.WithDefault("--iterations", "Number of iterations.", defaults.Iterations);
        var thoraxes = CommonOptions.WithDefault(
            "--phantom-thoraxes", "Phantom volumes of the thorax to train on.", defaults.PhantomThoraxes);
        var others = CommonOptions.WithDefault(
            "--phantom-others", "Phantom volumes of abdomen, head and upper chest to train on.", defaults.PhantomOthers);
        var variation = CommonOptions.WithDefault(
            "--variation", $"How much the phantoms vary: {PhantomCommand.VariationDescription}", defaults.PhantomVariation);
        var seed = CommonOptions.WithDefault("--seed", CommonOptions.SeedDescription, 1ul);
        var device = CommonOptions.WithDefault("--device", "auto, cpu, or cuda.", DeviceKind.Auto);
        var threads = CommonOptions.Threads();
        var command = new Command(
            "train-locator",
            "Trains the network that finds the heart in whole volumes and adds it to a bundle.\n\n"
            + "Example: mkdseg train-locator --into runs/mkd/bundle --data data/phantom/dataset.json")
        {
            into, data, dataRoot, iterations, thoraxes, others, variation, seed, device, threads,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetValue(into)!;
            var bundle = ModelBundle.Load(folder);
            var options = (defaults with
            {
                Iterations = parsed.GetValue(iterations),
                PhantomThoraxes = parsed.GetValue(thoraxes),
                PhantomOthers = parsed.GetValue(others),
                PhantomVariation = parsed.GetValue(variation),
            }).For(bundle.Preprocessing);
            Console.WriteLine(ComputeDevice.Describe(parsed.GetValue(device)));
            var clock = Stopwatch.StartNew();
            await TrainingScreen.RunAsync("Train", progress =>
            {
                var cases = Read(parsed.GetValue(data), parsed.GetValue(dataRoot), bundle.Modality, options, progress, cancellation);
                return new LocatorTraining(
                    options,
                    bundle.Modality,
                    bundle.LabelSet,
                    parsed.GetValue(seed),
                    ComputeDevice.Open(parsed.GetValue(device), parsed.GetValue(threads)))
                    .Run(cases, null, null, int.MaxValue, progress, cancellation)
                    .AddTo(folder);
            }, cancellation);
            Console.WriteLine($"Trained in {clock.Elapsed.TotalSeconds:0} s; the locator is in {folder}");
            return 0;
        });
        return command;
    }

    private static List<LocatorCase> Read(
        string? path,
        string? root,
        string modality,
        LocatorOptions options,
        IProgress<WorkEvent> progress,
        CancellationToken cancellation)
    {
        var cases = new List<LocatorCase>();
        if (path is null)
            return cases;

        var loaded = DatasetManifest.Load(path, root);
        if (loaded is not VolumeManifest manifest)
            throw new UserErrorException($"{path} lists photographs; a locator is trained on volumes.");

        manifest.Validate(checkHashes: false);
        var reader = new DatasetReader(manifest);
        foreach (var entry in manifest.CasesOf(modality).Where(entry => entry.Split is null or "train"))
        {
            cancellation.ThrowIfCancellationRequested();
            var volume = reader.Read(entry);
            foreach (var warning in volume.Warnings)
                progress.Report(new WorkInfo(warning));

            var classes = volume.Classes ?? throw new UserErrorException(
                $"Case {volume.CaseId} has no annotation; training needs one for every case.");
            cases.Add(LocatorCase.Of(volume.Image, classes, options.Settings));
        }

        return cases;
    }
}
