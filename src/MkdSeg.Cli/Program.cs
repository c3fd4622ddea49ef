using System.CommandLine.Help;
using MkdSeg.Cli.Commands;

var trace = new Option<bool>("--trace")
{
    Description = "Show the stack trace when something fails.",
    Recursive = true,
};
var logJson = new Option<bool>("--log-json")
{
    Description = "Print every line as a JSON object with time and level, for log collectors.",
    Recursive = true,
};
// Not a RootCommand, which is named after the assembly.
var root = new Command(
    "mkdseg",
    "MkdSeg: whole-heart segmentation of CT, trained with the help of MR (Online Mutual Knowledge Distillation).\n"
    + "Research software; not a medical device.")
{
    PhantomCommand.Create(),
    TrainCommand.CreateMethods(),
    TrainCommand.Create(),
    TrainLocatorCommand.Create(),
    ScoreCommand.Create(),
    ScoreCommand.CreateMerge(),
    WatchCommand.Create(),
    ServeCommand.Create(),
    EvaluateCommand.Create(),
    InfoCommand.Create(),
    PictureCommand.Create(),
    ReportCommand.Create(),
    ExperimentCommand.Create(),
    DiagnoseCommand.Create(),
    ExperimentRunCommand.Create(),
};
root.Options.Add(new HelpOption());
root.Options.Add(new VersionOption());
root.Options.Add(trace);
root.Options.Add(logJson);

return await ErrorReport.RunAsync(root.Parse(args), trace, logJson);
