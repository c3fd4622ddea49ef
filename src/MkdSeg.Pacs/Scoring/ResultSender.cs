using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Scoring;

/// <summary>Sends the DICOM objects of scored series to a server, each once, and records what it accepted.</summary>
/// <param name="client">The server.</param>
/// <param name="ledger">The records.</param>
internal sealed class ResultSender(DicomwebClient client, SeriesLedger ledger)
{
    // Servers limit request sizes; a larger object is sent alone.
    private const long BatchBytes = 16 << 20;

    private readonly string _server = client.Options.Address.AbsoluteUri;

    /// <summary>Whether there are objects left to send.</summary>
    public bool IsPending(SeriesRecord record) => record.Objects.Count > record.Objects.Count(
        item => record.DeliveryTo(_server).Sent.Contains(item.SopUid));

    /// <summary>Whether a series has a mask, but no object could be created from it.</summary>
    public static bool HasNothingToSend(SeriesRecord record) => record.Objects.Count == 0 && record.HasMask();

    public static string NothingToSend(SeriesRecord record) =>
        $"{record.Title}: there is no DICOM object to send; the warnings in results.csv give the reason.";

    /// <summary>Sends the objects that the server does not have.</summary>
    /// <param name="record">A scored series.</param>
    /// <param name="cancellation">Gives up; next time, the server is first asked what it received.</param>
    /// <returns>The number of objects it accepted, and a sentence for each that it refused.</returns>
    /// <exception cref="UserErrorException">The server cannot be reached, or accepts nothing.</exception>
    public async Task<(int Sent, IReadOnlyList<string> Problems)> SendAsync(SeriesRecord record, CancellationToken cancellation)
    {
        var (problems, sent) = (new List<string>(), 0);
        if (HasNothingToSend(record))
            problems.Add(NothingToSend(record));
        foreach (var batch in Batches(record, problems))
        {
            cancellation.ThrowIfCancellationRequested();
            var delivery = record.DeliveryTo(_server);
            record = ledger.Save(record.With(delivery with { IsUnclear = true }));
            var refused = await client.StoreAsync(batch, delivery.IsUnclear, cancellation);
            string[] taken = [.. batch.Except(refused.Select(pair => pair.Object)).Select(item => item.SopUid)];
            record = ledger.Save(record.With(delivery with { Sent = [.. delivery.Sent, .. taken], IsUnclear = false }));
            sent += taken.Length;
            problems.AddRange(refused.Select(pair =>
                $"'{pair.Object.File}' was refused by the server {client.Options.Address}: {pair.Reason}."));
        }

        return (sent, problems);
    }

    // Batches of one series each, with full file paths.
    private IEnumerable<List<ResultObject>> Batches(SeriesRecord record, List<string> problems)
    {
        var delivery = record.DeliveryTo(_server);
        var (batch, bytes) = (new List<ResultObject>(), 0L);
        foreach (var item in record.Objects.Where(item => !delivery.Sent.Contains(item.SopUid)))
        {
            var path = Path.Combine(ledger.OutputFolder, item.File);
            if (!File.Exists(path) || DicomParser.Read(path)?.Images.First().Text(DicomTag.SopInstance) != item.SopUid)
            {
                problems.Add(
                    $"'{path}' cannot be sent: it is missing or was not created from {record.Title}; score the series again.");
                continue;
            }

            var length = new FileInfo(path).Length;
            if (batch.Count > 0 && (bytes + length > BatchBytes || batch[0].SeriesUid != item.SeriesUid))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(item with { File = path });
            bytes += length;
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
