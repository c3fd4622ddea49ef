namespace MkdSeg.Common;

/// <summary>
/// Something the user can put right: a file, a case, an option. The message is one clear sentence that says where, what
/// was found, what was expected and what to do; programs print it without a stack trace.
/// </summary>
public sealed class UserErrorException : Exception
{
    /// <summary>An error without further words; prefer the constructor that takes a message.</summary>
    public UserErrorException()
    {
    }

    /// <summary>An error with the sentence to show.</summary>
    public UserErrorException(string message)
        : base(message)
    {
    }

    /// <summary>An error with the sentence to show and what caused it.</summary>
    public UserErrorException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The sentence of the outermost user error within an error that others have wrapped, or null.</summary>
    public static string? SentenceWithin(Exception? error) => error switch
    {
        null => null,
        UserErrorException user => user.Message,
        AggregateException several => several.InnerExceptions.Select(SentenceWithin).FirstOrDefault(s => s is not null),
        _ => SentenceWithin(error.InnerException),
    };

    /// <summary>Does what may fail in the file system; a failure's sentence is what cannot be done, and why.</summary>
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
