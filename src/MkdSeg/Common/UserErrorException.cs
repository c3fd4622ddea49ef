namespace MkdSeg.Common;

/// <summary>
/// An error that the user can correct: in a file, a case or an option. The message is one clear sentence that states where,
/// what was found, what was expected and what to do; programs print it without a stack trace.
/// </summary>
public sealed class UserErrorException : Exception
{
    /// <summary>Creates an error without a message; prefer the constructor that takes one.</summary>
    public UserErrorException()
    {
    }

    /// <summary>Creates an error with the sentence to show.</summary>
    public UserErrorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with the sentence to show and its cause.</summary>
    public UserErrorException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Returns the sentence of the outermost user error within nested exceptions, or null.</summary>
    public static string? SentenceWithin(Exception? error) => error switch
    {
        null => null,
        UserErrorException user => user.Message,
        AggregateException several => several.InnerExceptions.Select(SentenceWithin).FirstOrDefault(s => s is not null),
        _ => SentenceWithin(error.InnerException),
    };

    /// <summary>Runs an action that may fail in the file system; the error states what cannot be done, and why.</summary>
    internal static T OfFiles<T>(Func<T> action, string what)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{what}: {error.Message}", error);
        }
    }

    internal static void OfFiles(Action action, string what) => OfFiles(() => { action(); return true; }, what);
}
