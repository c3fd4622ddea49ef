using System.CommandLine;
using MkdSeg.Training.Methods;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg methods</c>: lists what <c>mkdseg train --method</c> takes.</summary>
internal static class MethodsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "methods",
            "Lists the training methods: name, what it does, and the paper it comes from.\n\nExample: mkdseg methods");
        command.SetAction(_ =>
        {
            var width = TrainingMethods.All.Max(method => method.Name.Length);
            foreach (var method in TrainingMethods.All)
            {
                Console.WriteLine($"{method.Name.PadRight(width)}  {method.Summary} [{method.Reference}]");
            }
        });
        return command;
    }
}
