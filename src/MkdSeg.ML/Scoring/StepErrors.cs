namespace MkdSeg.ML.Scoring;

/// <summary>Finds what a user should read in errors that ML.NET has wrapped.</summary>
public static class StepErrors
{
    /// <summary>The sentence of the user error within, or else the innermost error's type and message.</summary>
    /// <param name="error">What was thrown while a pipeline ran.</param>
    public static string Sentence(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var inner = error is AggregateException several ? several.Flatten().InnerExceptions[0] : error;
        while (true)
        {
            if (inner is UserErrorException user)
                return user.Message;
            if (inner.InnerException is not { } next)
                return $"{inner.GetType().Name}: {inner.Message}";
            inner = next;
        }
    }
}
