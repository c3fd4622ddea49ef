using System.Globalization;
using MkdSeg.ML.Scoring;
using MkdSeg.Pacs.Dicomweb;
using MkdSeg.Pacs.Scoring;

namespace MkdSeg.Cli.Commands;

/// <summary>The part of <c>mkdseg score</c> that fetches series from a PACS and sends results to one.</summary>
internal sealed class RemoteSource
{
    private readonly Option<string?> _from = CommonOptions.New<string?>(
        "--from", "Instead of an input: a DICOMweb server, such as https://pacs/dicom-web.");

    private readonly Option<string[]> _study = new("--study")
    {
        Description = "With --from: one or more Study Instance UIDs.", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _series = CommonOptions.New<string?>(
        "--series", "With --study: score only the series with this Series Instance UID.");

    private readonly Option<string?> _since = CommonOptions.New<string?>(
        "--since", "With --from: all studies from this date on, such as 2026-11-29.");

    private readonly Option<string?> _store = new("--store")
    {
        Description = "With --from: send the resulting DICOM objects to the same server, or to the one named here.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _keepSeries = CommonOptions.New<bool>(
        "--keep-series", "With --from: keep the fetched series in the folder 'dicom' of --out.");

    private readonly PacsOptions _pacs = new();

    /// <summary>The options to add to a command.</summary>
    public IReadOnlyList<Option> All => [_from, _study, _series, _since, _store, _keepSeries, .. _pacs.All];

    /// <summary>Whether results are sent to a server.</summary>
    public bool IsSent(ParseResult parsed) => parsed.GetResult(_store) is { Implicit: false };

    /// <summary>Rejects options that do not go together.</summary>
    public void Check(ParseResult parsed, bool hasInput)
    {
        var isRemote = parsed.GetValue(_from) is not null;
        if (hasInput == isRemote)
        {
            throw new UserErrorException(hasInput
                ? "Both an input and --from are given; choose one."
                : "No input is given; name a volume or a folder, or a DICOMweb server with --from.");
        }

        foreach (var option in All.Where(option => option != _from && parsed.GetResult(option) is { Implicit: false }))
        {
            if (!isRemote)
                throw new UserErrorException($"{option.Name} applies only to a DICOMweb server; name one with --from.");
        }
    }

    /// <summary>Scores the series that the options select.</summary>
    public Task<PacsSummary> RunAsync(
        ParseResult parsed, FolderScorer scorer, ModelBundle bundle, string output, CancellationToken cancellation)
    {
        var query = QueryOf(parsed, bundle.Modality.ToUpperInvariant());
        var server = _pacs.Server(parsed, _from.Name, parsed.GetValue(_from)!);
        var target = !IsSent(parsed) ? null
            : parsed.GetValue(_store) is { } other ? _pacs.Server(parsed, _store.Name, other)
            : server;
        return ProgressDisplay.RunAsync("Score", display =>
        {
            void Say(string line) => display.Report(new WorkInfo(line));
            using var source = new DicomwebClient(server, Say);
            using var store = target is null ? null : new DicomwebClient(target, Say);
            using var ledger = new SeriesLedger(output);
            var scoring = new PacsScoring(
                source,
                new(scorer, ledger),
                ledger,
                store is null ? null : new(store, ledger),
                parsed.GetValue(_keepSeries));
            return scoring.RunAsync(query, display, cancellation).GetAwaiter().GetResult();
        });
    }

    /// <summary>Prints what was sent and what was not; returns the exit code, given that of the scoring.</summary>
    public static int Report(PacsSummary summary, int code)
    {
        if (summary.SentCount > 0)
            Console.WriteLine($"{summary.SentCount} {(summary.SentCount == 1 ? "object" : "objects")} sent");
        foreach (var problem in summary.Problems)
            Console.Error.WriteLine($"mkdseg: {problem}");
        if (summary.Scoring is { IsCancelled: false, RemainingCount: > 0 and var left })
            Console.Error.WriteLine($"mkdseg: {left} series left; rerun the same command to resume.");
        return code == 0 && summary.Problems.Count > 0 ? ErrorReport.SomeFailed : code;
    }

    private SeriesQuery QueryOf(ParseResult parsed, string modality)
    {
        var (studies, series, since) = (parsed.GetValue(_study) ?? [], parsed.GetValue(_series), parsed.GetValue(_since));
        foreach (var uid in studies.Append(series).OfType<string>().Where(uid => !DicomJson.IsUid(uid)))
            throw new UserErrorException($"'{uid}' is not a UID; use digits and dots, such as 1.2.840.1.");
        if (studies.Length > 0 == since is not null)
            throw new UserErrorException("--from needs either --study with UIDs or --since with a date.");
        if (series is not null && studies.Length != 1)
            throw new UserErrorException("--series needs --study with the one study that contains it.");
        var day = default(DateOnly);
        if (since is not null
            && !DateOnly.TryParseExact(since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            throw new UserErrorException($"--since is '{since}'; give a date such as 2026-11-29.");
        }

        return new() { StudyUids = studies, SeriesUid = series, Since = since is null ? null : day, Modality = modality };
    }
}
