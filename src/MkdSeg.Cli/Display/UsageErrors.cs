using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace MkdSeg.Cli.Display;

/// <summary>Describes in one line what is wrong with a command line, and suggests the nearest name for a typo.</summary>
internal static partial class UsageErrors
{
    /// <summary>Describes the first error; null if the command line is valid.</summary>
    public static string? Describe(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
            return null;
        var command = parsed.CommandResult.Command;
        var help = command.Parents.Any() ? $"'mkdseg {command.Name} --help'" : "'mkdseg --help'";
        if (parsed.UnmatchedTokens.Count > 0)
        {
            // An unknown option may have been parsed as an argument, so that its value is left over.
            var unknown = parsed.Tokens
                .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
                .Select(token => token.Value)
                .FirstOrDefault(parsed.UnmatchedTokens[0]);
            var kind = unknown.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            var known = kind == "option"
                ? command.Options
                    .Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
                    .Where(option => !option.Hidden)
                    .Select(option => option.Name)
                : command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
            var meant = StrictJson.Nearest(unknown, known) is { } nearest ? $", did you mean {nearest}?" : ";";
            return $"unknown {kind} '{unknown}'{meant} {help} lists what is available.";
        }

        if (command.Subcommands.Count > 0)
            return $"a command is missing; {help} lists them.";
        var message = parsed.Errors[0].Message;
        return WrongType().Match(message) is { Success: true } wrong
            ? $"'{wrong.Groups["value"]}' is not a valid value for {wrong.Groups["name"]}: "
                + $"{Expected(wrong.Groups["type"].Value)} is expected; see {help}."
            : $"{message.TrimEnd('.')}; see {help}.";
    }

    private static string Expected(string type) => type switch
    {
        _ when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
        _ when type.Contains("Double", StringComparison.Ordinal) || type.Contains("Single", StringComparison.Ordinal) => "a number",
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
        _ => "another value",
    };

    // System.CommandLine shows .NET types to users.
    [GeneratedRegex("^Cannot parse argument '(?<value>.*?)' for .*?'(?<name>[^']+)' as expected type '(?<type>.+)'")]
    private static partial Regex WrongType();
}
