using System.Security.Cryptography;
using System.Text;
using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Scoring;

/// <summary>What was done with a series, one small file each, so that a restart neither loses nor repeats anything.</summary>
internal sealed record SeriesRecord
{
    /// <summary>Name of the series in messages.</summary>
    public required string Title { get; init; }

    /// <summary>Its Series Instance UID.</summary>
    public required string Uid { get; init; }

    /// <summary>SHA-256 of its sorted SOP Instance UIDs, which shows whether more images have arrived.</summary>
    public required string Images { get; init; }

    /// <summary>Number of its images.</summary>
    public required int ImageCount { get; init; }

    /// <summary><see cref="Images"/> of a later state that a warning was given for; null if there is none.</summary>
    public string? WarnedImages { get; init; }

    /// <summary>How often scoring was started and did not finish.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was scored; null until then.</summary>
    public DateTimeOffset? Scored { get; init; }

    /// <summary>Its rows: one, or one for each stack of slices; empty until it is scored.</summary>
    public IReadOnlyList<CaseResult> Results { get; init; } = [];

    /// <summary>The DICOM objects created from it, with paths relative to the output folder.</summary>
    public IReadOnlyList<ResultObject> Objects { get; init; } = [];

    /// <summary>What was sent, by server.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; init; } = [];

    /// <summary>Whether a mask was created.</summary>
    public bool HasMask() => Results.Any(result => result.IsWritten);

    /// <summary>What was sent to a server.</summary>
    public Delivery DeliveryTo(string server) => Deliveries.FirstOrDefault(delivery => delivery.To == server) ?? new(server);

    public SeriesRecord With(Delivery delivery) =>
        this with { Deliveries = [.. Deliveries.Where(other => other.To != delivery.To), delivery] };

    /// <summary>The value of <see cref="Images"/>.</summary>
    public static string HashOf(IEnumerable<string> instances) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', instances.Order(StringComparer.Ordinal)))));
}

/// <summary>The results of a series that a server has.</summary>
internal sealed record Delivery(string To)
{
    /// <summary>SOP Instance UIDs that it accepted.</summary>
    public IReadOnlyList<string> Sent { get; init; } = [];

    /// <summary>Whether it may have received more: a request was started, and its outcome is unknown.</summary>
    public bool IsUnclear { get; init; }
}
