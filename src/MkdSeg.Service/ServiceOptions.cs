using System.Net;
using Microsoft.Extensions.Logging;
using MkdSeg.ML.Inference;

namespace MkdSeg.Service;

/// <summary>What a <see cref="SegmentationService"/> serves, where it listens, and its limits.</summary>
public sealed record ServiceOptions
{
    /// <summary>The model bundle: a folder or a .zip.</summary>
    public required string Model { get; init; }

    /// <summary>The address to listen on. Any address but loopback needs <see cref="TokenFile"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 picks a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>A file with the bearer token that every request must carry, at least 16 characters; null for no token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Where jobs are stored; null for a folder in the user's local application data.</summary>
    public string? Folder { get; init; }

    /// <summary>Hours after which a finished job and all its files are deleted.</summary>
    public double KeepHours { get; init; } = 24;

    /// <summary>Largest upload accepted, MiB; unpacked, it may be eight times as large.</summary>
    public int MaxUploadMb { get; init; } = 1024;

    /// <summary>Maximum number of jobs waiting or being uploaded, in addition to the running one; more are refused.</summary>
    public int Queue { get; init; } = 16;

    /// <summary>Longest time that an upload may take.</summary>
    public TimeSpan UploadLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest time that a job may run.</summary>
    public TimeSpan JobLimit { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Where and how the networks run.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

    /// <summary>Where the log goes; null for lines on standard output. The caller disposes of it.</summary>
    public ILoggerFactory? Log { get; init; }

    internal long MaxUploadBytes => (long)MaxUploadMb << 20;

    internal long MaxUnpackedBytes => 8 * MaxUploadBytes;

    internal string JobsFolder => Folder ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local
            ? local
            : throw new UserErrorException("This account has no local application data folder; name a folder for the jobs."),
        "mkdseg",
        "jobs");

    /// <summary>Checks the options and returns the token; null if none is needed.</summary>
    /// <exception cref="UserErrorException">An option is out of range, or a required token is missing.</exception>
    internal string? Check()
    {
        const int shortest = 16;
        if (Port is < 0 or > 65535)
            throw new UserErrorException($"The port is {Port}; give 0 to 65535.");
        if (!(KeepHours > 0) || MaxUploadMb is < 1 or > 1 << 20 || Queue < 1)
            throw new UserErrorException("Hours to keep jobs, upload size in MiB and queue length must be above 0.");
        if (TokenFile is null)
        {
            return IPAddress.IsLoopback(Address)
                ? null
                : throw new UserErrorException(
                    $"Listening on {Address} needs a token, so that not everyone on the network can read the results; write a "
                    + "long random text to a file and name that file.");
        }

        var token = UserErrorException.OfFiles(() => File.ReadAllText(TokenFile), $"Cannot read token file {TokenFile}").Trim();
        return token.Length >= shortest && !token.Any(char.IsWhiteSpace)
            ? token
            : throw new UserErrorException(
                $"The token in {TokenFile} has {token.Length} characters; give at least {shortest}, without spaces.");
    }
}
