using System.CommandLine;
using MkdSeg.Cli.Display;
using MkdSeg.Common;
using MkdSeg.Phantom;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg phantom</c>: makes the phantom data set.</summary>
internal static class PhantomCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var defaults = new PhantomDatasetOptions();
        var folder = new Option<string>("--out") { Description = "Folder of the data set.", Required = true };
        var seed = new Option<ulong>("--seed")
        {
            Description = "The same seed gives the same bytes.",
            DefaultValueFactory = _ => defaults.Seed,
        };
        var ctTrain = Count("--ct-train", "CT volumes to train on.", defaults.CtTrain);
        var mrTrain = Count("--mr-train", "MR volumes to train on.", defaults.MrTrain);
        var ctTest = Count("--ct-test", "CT volumes to test on.", defaults.CtTest);
        var mrTest = Count("--mr-test", "MR volumes to test on.", defaults.MrTest);
        var size = new Option<PhantomSize>("--size")
        {
            Description = "small: cardiac field of view, about 2.2 mm; full: whole thorax, 512×512×~250, 0.5–0.7 mm.",
            DefaultValueFactory = _ => defaults.Size,
        };
        var variation = new Option<PhantomVariation>("--variation")
        {
            Description = "default: one hospital; anatomy: its patients of every size and shape; wide: many hospitals, scanners and contrast protocols.",
            DefaultValueFactory = _ => defaults.Variation,
        };
        var command = new Command(
            "phantom",
            "Makes a data set of synthetic CT and MR volumes of the heart with labels, as NIfTI files and a manifest.\n"
            + "Volumes that are there already are kept.\n\n"
            + "Example: mkdseg phantom --out data/phantom --ct-train 4 --mr-train 20 --ct-test 10")
        {
            folder, seed, ctTrain, mrTrain, ctTest, mrTest, size, variation,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new PhantomDatasetOptions
            {
                Seed = parsed.GetValue(seed),
                CtTrain = parsed.GetValue(ctTrain),
                MrTrain = parsed.GetValue(mrTrain),
                CtTest = parsed.GetValue(ctTest),
                MrTest = parsed.GetValue(mrTest),
                Size = parsed.GetValue(size),
                Variation = parsed.GetValue(variation),
            };
            var target = parsed.GetValue(folder)!;
            var manifest = await ProgressDisplay.RunAsync("Phantom", steps => PhantomDataset.Write(
                target,
                options,
                new Relay<WorkEvent>(made =>
                {
                    if (made is WorkProgress at)
                        steps.Report((int)at.Done, (int)at.Total, at.Detail);
                }),
                cancellation));
            Console.WriteLine($"{manifest.Cases.Count} phantom volumes in {target} ({PhantomDataset.ManifestFileName})");
            return 0;
        });
        return command;
    }

    private static Option<int> Count(string name, string description, int value) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
    };
}
