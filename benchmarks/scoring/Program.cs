using System.CommandLine;
using System.Globalization;
using MkdSeg.ML.Inference;
using MkdSeg.ScoringBenchmark;

var threads = new Option<int>("--threads") { Description = "Threads of ONNX Runtime; 0 for one per core." };
var slices = new Option<int>("--slices") { Description = "Number of slices in the volume.", DefaultValueFactory = _ => 40 };
var rounds = new Option<int>("--rounds") { Description = "Number of measured rounds.", DefaultValueFactory = _ => 7 };
var device = new Option<string>("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "cpu" };
var large = new Option<bool>("--large") { Description = "Measure one CT of 512×512×250 from file to file, with its memory use." };
var applyOnnx = new Option<bool>("--apply-onnx")
{
    Description = "Compare ML.NET's ApplyOnnxModel, one slice per row, with slices in batches.",
};
var command = new RootCommand(
    "Compares the scoring pipeline with bare InferenceSession.Run on the same slices, interleaved in one run.")
{
    threads, slices, rounds, device, large, applyOnnx,
};
command.SetAction(arguments =>
{
    var inference = new InferenceOptions
    {
        Device = arguments.GetValue(device)!, Threads = arguments.GetValue(threads),
    };
    if (arguments.GetValue(applyOnnx))
    {
        Console.WriteLine(ApplyOnnxBenchmark.Run(inference, arguments.GetValue(rounds)));
        return 0;
    }

    if (arguments.GetValue(large))
    {
        Console.WriteLine(LargeVolumeBenchmark.Describe(LargeVolumeBenchmark.Run(inference, arguments.GetValue(rounds))));
        return 0;
    }

    var result = PipelineBenchmark.Run(
        inference,
        arguments.GetValue(slices),
        arguments.GetValue(rounds));
    var ratios = string.Join(
        ", ", result.Ratios.Select(ratio => ratio.ToString("f3", CultureInfo.InvariantCulture)));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {arguments.GetValue(slices)} slices of 256×256, two residual U-Nets, {result.Device}, median of {result.Ratios.Count} rounds
        bare session  {result.BareSeconds:f3} s
        pipeline      {result.PipelineSeconds:f3} s
        ratio         {result.Ratio:f3} (rounds: {ratios}); processor time {result.CpuRatio:f3}
        """));
    return 0;
});
return command.Parse(args).Invoke();
