using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Scoring;

/// <summary>Sends the DICOM objects of scored series to a server, each once, and records what it took.</summary>
/// <param name="client">The server.</param>
/// <param name="ledger">The records.</param>
internal sealed class ResultSender(DicomwebClient client, SeriesLedger ledger)
{
    // Servers limit requests; an object that is larger goes alone.
    private const long BatchBytes = 16 << 20;

    private readonly string _server = client.Options.Address.AbsoluteUri;

    /// <summary>Whether there is something left to send.</summary>
    public bool IsPending(SeriesRecord record) => record.Objects.Count > record.Objects.Count(
        item => record.DeliveryTo(_server).Sent.Contains(item.SopUid));

    /// <summary>Whether no object could be made from a series that has a mask.</summary>
    public static bool HasNothingToSend(SeriesRecord record) => record.Objects.Count == 0 && record.HasMask();

    public static string NothingToSend(SeriesRecord record) =>
        $"{record.Title}: there is no DICOM object to send; results.csv has the reason among the warnings.";

    /// <summary>Sends what the server has not.</summary>
    /// <param name="record">A scored series.</param>
    /// <param name="cancellation">Gives up; the next time the server is asked what got through.</param>
    /// <returns>How many objects it took, and a sentence for each that it does not take.</returns>
    /// <exception cref="UserErrorException">The server cannot be reached, or takes nothing.</exception>
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
                $"'{pair.Object.File}' is not taken by the server {client.Options.Address}: {pair.Reason}."));
        }

        return (sent, problems);
    }

    // Of one series each, with the files' full paths.
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
                    $"'{path}' cannot be sent: it is gone or is another one than was made from {record.Title}; score it again.");
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
