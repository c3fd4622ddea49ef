using MkdSeg.Phantom;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg phantom</c>: generates the phantom data set.</summary>
internal static class PhantomCommand
{
    public const string VariationDescription =
        "default (one hospital), anatomy (hearts of every size and shape), wide (many hospitals, scanners and protocols) or "
        + "clinical (any adult thorax CT: like wide, with hearts of measured volumes in every phase and pose and many diseases).";

    public static Command Create()
    {
        var defaults = new PhantomDatasetOptions();
        var folder = CommonOptions.Required<string>("--out", "Folder of the data set.");
        var seed = CommonOptions.WithDefault("--seed", "The same seed gives the same bytes.", defaults.Seed);
        var ctTrain = CommonOptions.WithDefault("--ct-train", "CT volumes to train on.", defaults.CtTrain);
        var mrTrain = CommonOptions.WithDefault("--mr-train", "MR volumes to train on.", defaults.MrTrain);
        var ctTest = CommonOptions.WithDefault("--ct-test", "CT volumes to test on.", defaults.CtTest);
        var mrTest = CommonOptions.WithDefault("--mr-test", "MR volumes to test on.", defaults.MrTest);
        var size = CommonOptions.WithDefault(
            "--size", "small: cardiac field of view, about 2.2 mm; full: whole thorax, 512×512×~250, 0.5–0.7 mm.", defaults.Size);
        var variation = CommonOptions.WithDefault("--variation", VariationDescription, defaults.Variation);
        var grade = CommonOptions.WithDefault(
            "--grade",
            "How much harder to make CTs: each grade, 0 to 5, removes a fifth of the contrast agent and adds 25 HU of noise.",
            defaults.Grade);
        var grades = CommonOptions.WithDefault(
            "--grades", "Write each test CT in this many grades, starting at --grade.", defaults.Grades);
        var command = new Command(
            "phantom",
            "Generates a data set of synthetic CT and MR volumes of the heart with labels, as NIfTI files and a manifest.\n"
            + "Existing volumes are kept.\n\n"
            + "Example: mkdseg phantom --out data/phantom --ct-train 4 --mr-train 20 --ct-test 10")
        {
            folder, seed, ctTrain, mrTrain, ctTest, mrTest, size, variation, grade, grades,
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
                Grade = parsed.GetValue(grade),
                Grades = parsed.GetValue(grades),
            };
            var target = parsed.GetValue(folder)!;
            var manifest = await ProgressDisplay.RunAsync(
                "Phantom", progress => PhantomDataset.Write(target, options, progress, cancellation));
            Console.WriteLine($"{manifest.Cases.Count} phantom volumes in {target} ({PhantomDataset.ManifestFileName})");
            return 0;
        });
        return command;
    }
}
