using System.CommandLine;
using System.Globalization;
using MkdSeg.TrainingBenchmark;

var threads = new Option<int>("--threads") { Description = "Threads per engine.", DefaultValueFactory = _ => 1 };
var rounds = new Option<int>("--rounds") { Description = "Number of measured rounds.", DefaultValueFactory = _ => 7 };
var iterations = new Option<int>("--iterations")
{
    Description = "Iterations per round.",
    DefaultValueFactory = _ => 5,
};
var python = new Option<string>("--python")
{
    Description = "Python interpreter with torch.",
    DefaultValueFactory = _ => "/usr/bin/python3",
};
var busyMachine = new Option<bool>("--busy-machine")
{
    Description = "Measure instead how much of its speed training keeps alongside one busy process; use with --threads 2.",
};
var measure = new Option<bool>("--measure") { Hidden = true };
var spin = new Option<bool>("--spin") { Hidden = true };
var command = new RootCommand("Compares one MKD training iteration with the same iteration in Python, alternately.")
{
    threads, rounds, iterations, python, busyMachine, measure, spin,
};
command.SetAction(arguments =>
{
    if (arguments.GetValue(spin))
    {
        while (true)
        {
            // until killed
        }
    }

    if (arguments.GetValue(measure))
    {
        BusyMachineBenchmark.MeasureHere(arguments.GetValue(threads), arguments.GetValue(iterations));
        return 0;
    }

    if (arguments.GetValue(busyMachine))
    {
        BusyMachineBenchmark.Run(
            arguments.GetValue(threads), arguments.GetValue(rounds), arguments.GetValue(iterations));
        return 0;
    }

    var result = IterationBenchmark.Run(
        arguments.GetValue(python)!,
        arguments.GetValue(threads),
        arguments.GetValue(rounds),
        arguments.GetValue(iterations));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        MKD iteration, phantom preset (64×64, batch 2), {arguments.GetValue(threads)} thread(s), median of {result.OwnSeconds.Count} rounds
        Python  {IterationBenchmark.Result.Median(result.PythonSeconds):f3} s
        MkdSeg  {IterationBenchmark.Result.Median(result.OwnSeconds):f3} s
        ratio   {result.Ratio:f3}
        """));
    return 0;
});
return command.Parse(args).Invoke();
