using System.CommandLine;
using System.Globalization;
using MkdSeg.FolderScoringBenchmark;

var threads = new Option<int>("--threads") { Description = "Threads per engine; 0 for one per core." };
var cases = new Option<int>("--cases") { Description = "Number of volumes.", DefaultValueFactory = _ => 3 };
var side = new Option<int>("--side") { Description = "Side length of a slice in pixels.", DefaultValueFactory = _ => 200 };
var rounds = new Option<int>("--rounds") { Description = "Number of measured rounds.", DefaultValueFactory = _ => 3 };
var model = new Option<string>("--model") { Description = "Model bundle.", DefaultValueFactory = _ => "onnx/phantom-ct" };
var python = new Option<string>("--python")
{
    Description = "Python interpreter with torch, onnx, nibabel and scipy.",
    DefaultValueFactory = _ => "/usr/bin/python3",
};
var command = new RootCommand("Compares the scoring of a folder with a typical Python script, alternately.")
{
    threads, cases, side, rounds, model, python,
};
command.SetAction(arguments =>
{
    var result = FolderBenchmark.Run(
        arguments.GetValue(python)!,
        arguments.GetValue(model)!,
        arguments.GetValue(threads),
        arguments.GetValue(cases),
        arguments.GetValue(side),
        arguments.GetValue(rounds));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Folder of {arguments.GetValue(cases)} volumes of {result.Size} voxels, two networks, {arguments.GetValue(threads)} thread(s) (0: all cores), median of {result.OwnSeconds.Count} rounds
        Python  {BenchmarkResult.Median(result.PythonSeconds):f2} s
        MkdSeg  {BenchmarkResult.Median(result.OwnSeconds):f2} s
        throughput {result.Ratio:f2} × the script's; Dice between the masks of both: {result.Dice:f4}
        """));
    return 0;
});
return command.Parse(args).Invoke();
