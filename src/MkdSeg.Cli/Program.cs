using System.CommandLine;
using MkdSeg.Cli.Terminal;
using MkdSeg.Cli.Verbs;

var trace = new Option<bool>("--trace")
{
    Description = "Show the stack trace when something fails.",
    Recursive = true,
};
var root = new RootCommand(
    "MkdSeg: whole-heart segmentation of CT, trained with the help of MR (Online Mutual Knowledge Distillation).\n"
    + "Research software; not a medical device.")
{
    PhantomVerb.Create(),
    MethodsVerb.Create(),
    TrainVerb.Create(),
    TrainLocatorVerb.Create(),
    ScoreVerb.Create(),
    MergeResultsVerb.Create(),
    EvaluateVerb.Create(),
    InfoVerb.Create(),
    PictureVerb.Create(),
    ReportVerb.Create(),
    ExperimentVerb.Create(),
    ExperimentRunVerb.Create(),
};
root.Options.Add(trace);

return await ErrorReport.RunAsync(root.Parse(args), trace);
