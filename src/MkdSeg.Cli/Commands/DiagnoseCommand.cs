using MkdSeg.Experiments.Diagnosis;
using MkdSeg.ML.Inference;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg diagnose</c>: examines the segmentors of a bundle as teachers.</summary>
internal static class DiagnoseCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Required<string>("--model", "The model bundle.");
        var data = CommonOptions.Required<string>(
            "--data", "The dataset manifest (.json). Its test split is used; for a modality without one, all annotated cases.");
        var dataRoot = CommonOptions.DataRoot();
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command(
            "diagnose",
            "Reports the quality of each segmentor of a bundle as a teacher: Dice, confidence, calibration and entropy on\n"
            + "target images and on assistant images translated by the bundle's generator. Volumes are cropped around their\n"
            + "annotations.\n\n"
            + "Example: mkdseg diagnose --model runs/mkd/bundle --data data/phantom/dataset.json")
        {
            model, data, dataRoot, device, threads,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var bundle = ModelBundle.Load(parsed.GetValue(model)!);
            var manifest = VolumeManifest.Load(parsed.GetValue(data)!, parsed.GetValue(dataRoot));
            var inference = new InferenceOptions { Device = parsed.GetValue(device)!, Threads = parsed.GetValue(threads) };
            Console.WriteLine(Engines.Describe(inference));
            var rows = await ProgressDisplay.RunAsync(
                "Diagnosis", progress => TeacherDiagnosis.Examine(bundle, manifest, inference, progress, cancellation));
            Console.Write(TeacherDiagnosis.ToMarkdown(rows));
            return 0;
        });
        return command;
    }
}
