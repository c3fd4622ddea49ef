using System.Net;
using Microsoft.Extensions.Logging;
using MkdSeg.ML.Inference;

namespace MkdSeg.Service;

/// <summary>What a <see cref="SegmentationService"/> serves, where it listens and how much it takes.</summary>
public sealed record ServiceOptions
{
    /// <summary>The model bundle: a folder or a .zip.</summary>
    public required string Model { get; init; }

    /// <summary>Where it listens. Any address that is not this machine's own needs <see cref="TokenFile"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>A file whose text every request must carry as a bearer token, at least 16 characters; null for no token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Where jobs lie; null for a folder of the user's local data.</summary>
    public string? Folder { get; init; }

    /// <summary>Hours after which a finished job and all its files are deleted.</summary>
    public double KeepHours { get; init; } = 24;

    /// <summary>Larger uploads are refused, MiB; unpacked, they may be eight times as large.</summary>
    public int MaxUploadMb { get; init; } = 1024;

    /// <summary>Jobs that wait or are being uploaded beside the one at work; more are refused.</summary>
    public int Queue { get; init; } = 16;

    /// <summary>Longest time that an upload may take.</summary>
    public TimeSpan UploadLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest time that a job may be worked on.</summary>
    public TimeSpan JobLimit { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Where and how the networks run.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

    /// <summary>Where the log goes; null for lines on standard output. Whoever made it disposes of it.</summary>
    public ILoggerFactory? Log { get; init; }

    internal long MaxUploadBytes => (long)MaxUploadMb << 20;

    internal long MaxUnpackedBytes => 8 * MaxUploadBytes;

    internal string JobsFolder => Folder ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local
            ? local
            : throw new UserErrorException("This account has no folder of its own; name one for the jobs."),
        "mkdseg",
        "jobs");

    /// <summary>The token; null where none is needed.</summary>
    /// <exception cref="UserErrorException">An option is out of range, or there must be a token and is none.</exception>
    internal string? Check()
    {
        const int shortest = 16;
        if (Port is < 0 or > 65535)
            throw new UserErrorException($"The port is {Port}; give 0 to 65535.");
        if (!(KeepHours > 0) || MaxUploadMb is < 1 or > 1 << 20 || Queue < 1)
            throw new UserErrorException("Hours to keep jobs, MiB of an upload and length of the queue must be above 0.");
        if (TokenFile is null)
        {
            return IPAddress.IsLoopback(Address)
                ? null
                : throw new UserErrorException(
                    $"Listening on {Address} needs a token, so that not everybody in the network can read the results; write a long "
                    + "random text into a file and name that.");
        }

        var token = UserErrorException.OfFiles(() => File.ReadAllText(TokenFile), $"The token {TokenFile} cannot be read").Trim();
        return token.Length >= shortest && !token.Any(char.IsWhiteSpace)
            ? token
            : throw new UserErrorException(
                $"The token in {TokenFile} has {token.Length} characters; give at least {shortest}, without spaces.");
    }
}
