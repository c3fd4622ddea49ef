using System.CommandLine;
using MkdSeg.ServiceBenchmark;

var threads = new Option<int>("--threads") { Description = "Threads of ONNX Runtime; 0 for one per core." };
var rounds = new Option<int>("--rounds") { Description = "Number of measured rounds.", DefaultValueFactory = _ => 3 };
var model = new Option<string>("--model") { Description = "Model bundle.", DefaultValueFactory = _ => "onnx/phantom-ct" };
var memory = new Option<bool>("--memory") { Description = "Measure memory over many requests instead." };
var requests = new Option<int>("--requests") { Description = "Requests with --memory.", DefaultValueFactory = _ => 200 };
var command = new RootCommand("Compares mkdseg serve with mkdseg score, alternately, or measures its memory.")
{
    threads, rounds, model, memory, requests,
};
command.SetAction(async arguments =>
{
    var folder = Directory.CreateTempSubdirectory("mkdseg-benchmark-").FullName;
    try
    {
        var benchmark = new ServiceBenchmark(folder, arguments.GetValue(model)!, arguments.GetValue(threads));
        if (arguments.GetValue(memory))
            await benchmark.MeasureMemoryAsync(arguments.GetValue(requests));
        else
            await benchmark.MeasureSpeedAsync(arguments.GetValue(rounds));
        return 0;
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
});
return await command.Parse(args).InvokeAsync();
