using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;
using MkdSeg.Volumes;

namespace MkdSeg.Reports.Tests;

/// <summary>
/// A hand-made result of a training: a data set of five CT and one MR volume, a bundle, a run's folder and scored folders of
/// the model and of a baseline. The heart is a ball within a ball; predictions are shifted by as many voxels as the case's
/// number, so that case 1 is the best one.
/// </summary>
internal sealed class MadeRun : IDisposable
{
    public const int Cases = 5;

    public static readonly LabelSet Labels = new(
    [
        new() { ClassIndex = 1, Name = "shell", FullName = "outer part", Value = 205, Color = "#ff0000" },
        new() { ClassIndex = 2, Name = "core", FullName = "inner part", Value = 500, Color = "#00ff00" },
    ]);

    private static readonly Grid Space = new(new(40, 36, 20), new(2, 2, 4), new(-39, -35, -38), Direction.Identity);
    private readonly TemporaryFolder _folder = new();

    public MadeRun(string name = "phantom", string title = "Phantom of the tests")
    {
        for (var i = 1; i <= Cases; i++)
        {
            WriteCase(Path("data", "ct_test"), Id(i));
            WriteMask(Path("scored", "mkd"), i, shift: i);
            WriteMask(Path("scored", "mkd", "S_syn"), i, shift: i + 1);
            WriteMask(Path("scored", "mkd", "S_real"), i, shift: i);
            WriteMask(Path("scored", "baseline"), i, shift: 6);
        }

        WriteCase(Path("data", "mr_test"), "mr_01");
        Write("data/dataset.json", Manifest(name, title));
        Write("scored/mkd/results.csv", Results());
        Write("run/metrics.csv", "iteration,stage,seconds,lr_segmentor,L_sup_real,L_kd_sr\n1,first,1.5,0.1,4,1\n"
            + "2,first,3,0.1,3,0.5\n1,second,4.5,0.05,2,0.25\n2,second,6,0.05,1,0.125\n");
        Write("run/training.json", """{"method": "mkd", "iterations": 2, "segmentor": {"filters": [16, 32]}, "device": "cpu"}""");
        WriteBundle();
    }

    public string Root => _folder.Path;

    public string Run => Path("run");

    public string Scored => Path("scored", "mkd");

    public string Baseline => Path("scored", "baseline");

    public ReportOptions Options => new()
    {
        Folders = [Run, Scored],
        Compared = [("Baseline", Baseline)],
        Inference = new() { Device = "cpu", Threads = 1 },
        Made = new(2020, 2, 7, 12, 0, 0, TimeSpan.Zero),
    };

    public string Path(params string[] parts) => _folder[parts];

    public void Write(string name, string text) => _folder.Write(name, text);

    public void Dispose() => _folder.Dispose();

    public static string Id(int number) => $"ct_{number:00}";

    /// <summary>Class indices of the heart, moved by some voxels to the left.</summary>
    public static Volume<byte> Heart(int shift)
    {
        var mask = new Volume<byte>(Space);
        for (var z = 0; z < Space.Size.Z; z++)
        {
            for (var y = 0; y < Space.Size.Y; y++)
            {
                for (var x = 0; x < Space.Size.X; x++)
                {
                    var distance = Space.ToPoint(new(x - shift, y, z)).Length;
                    mask[x, y, z] = (byte)(distance < 12 ? 2 : distance < 20 ? 1 : 0);
                }
            }
        }

        return mask;
    }

    private static void WriteCase(string folder, string id)
    {
        var classes = Heart(0);
        float[] values = [-900, 50, 300];
        var image = new Volume<float>(Space);
        for (var i = 0; i < image.Voxels.Length; i++)
            image.Voxels[i] = values[classes.Voxels[i]] + (i % 7);
        VolumeFile.Write(image, System.IO.Path.Combine(folder, $"{id}_image.nii.gz"));
        VolumeFile.Write(Labels.ToValues(classes), System.IO.Path.Combine(folder, $"{id}_label.nii.gz"));
    }

    private static void WriteMask(string folder, int number, int shift) =>
        VolumeFile.Write(Labels.ToValues(Heart(shift)), System.IO.Path.Combine(folder, $"{Id(number)}_image.nii.gz"));

    private string Results()
    {
        var rows = Enumerable.Range(1, Cases).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{Id(i)}_image,{Path("data", "ct_test", $"{Id(i)}_image.nii.gz")},ok,,10,{i},0.5,1,2\n"));
        return "case,file,status,reason,shell_ml,core_ml,read_s,segment_s,write_s\n" + string.Concat(rows)
            + "ct_06_image,nowhere.nii.gz,failed,\"The file is cut off, <b>copy</b> it again.\",,,,,\n"
            + "ct_01_label,somewhere.nii.gz,left out,The file name marks it as an annotation.,,,,,\n";
    }

    private static string Manifest(string name, string title)
    {
        var cases = Enumerable.Range(1, Cases).Select(i => Case(Id(i), "CT", "ct_test")).Append(Case("mr_01", "MR", "mr_test"));
        const string modality = """{"description": "", "folders": ["."], "window": {"lowerValue": -200, "upperValue": 400}}""";
        return $$"""
            {"kind": "volumes", "name": "{{name}}", "title": "{{title}}", "licence": "free",
             "labels": [
              {"classIndex": 1, "name": "shell", "fullName": "outer part", "value": 205, "color": "#ff0000"},
              {"classIndex": 2, "name": "core", "fullName": "inner part", "value": 500, "color": "#00ff00"}],
             "modalities": {"CT": {{modality}}, "MR": {{modality}}},
             "cases": [{{string.Join(", ", cases)}}]}
            """;

        static string Case(string id, string modality, string folder) =>
            $$"""
            {"id": "{{id}}", "modality": "{{modality}}", "split": "test",
             "image": "{{folder}}/{{id}}_image.nii.gz", "label": "{{folder}}/{{id}}_label.nii.gz"}
            """;
    }

    // Generators that turn dark into bright, so that twice translated is as before.
    private void WriteBundle()
    {
        var preprocessing = new PreprocessingOptions
        {
            PatchSize = 32,
            ZMarginMm = 4,
            Window = new() { LowerValue = -200, UpperValue = 400 },
        };
        var segmentor = Network(2 + 1, [0, 1, 2], softmax: true);
        var generator = Network(1, [-1], softmax: false);
        BundleWriter.Write(
            Path("run", "bundle"),
            new()
            {
                Name = "made",
                Modality = "CT",
                AssistantModality = "MR",
                Labels = Labels.Structures,
                Preprocessing = preprocessing,
                AssistantPreprocessing = preprocessing,
                ToolVersions = new Dictionary<string, string> { ["MkdSeg"] = "9.8.7" },
                Networks =
                [
                    File(NetworkRoles.GeneratorToTarget, "G_at.onnx"),
                    File(NetworkRoles.GeneratorToAssistant, "G_ta.onnx"),
                    File(NetworkRoles.SSyn, "S_syn.onnx"),
                    File(NetworkRoles.SReal, "S_real.onnx"),
                ],
            },
            new Dictionary<string, ReadOnlyMemory<byte>>
            {
                [NetworkRoles.GeneratorToTarget] = generator,
                [NetworkRoles.GeneratorToAssistant] = generator,
                [NetworkRoles.SSyn] = segmentor,
                [NetworkRoles.SReal] = segmentor,
            });

        static NetworkFile File(string role, string file) => new()
        {
            Role = role, File = file, InputName = "image", OutputName = "result", SizeMultiple = 1,
        };
    }

    private static byte[] Network(int outputs, float[] weights, bool softmax)
    {
        var builder = new GraphBuilder("made", 1, Initialization.HeNormal);
        var graph = builder.Build(builder.Input.Conv("only", outputs, 1), "result");
        return OnnxWriter.ToBytes(
            softmax ? graph.WithSoftmax() : graph,
            new Weights([new("only.weight", [outputs, 1, 1, 1], weights), new("only.bias", [outputs], new float[outputs])]),
            new());
    }
}
