using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using MkdSeg.IO;
using MkdSeg.IO.Dicom;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>
/// Orthanc with its DICOMweb plug-in, and dcmtk's storescp and storescu, on loopback;
/// <c>dotnet cake --target=TestPacs</c> installs them.
/// </summary>
[SupportedOSPlatform("linux")]
public class PacsTests
{
    private static readonly string Bundle = Repository.File("onnx/phantom-ct");
    private readonly TemporaryFolder _folder = new();
    private Orthanc _orthanc = null!;
    private int _outputs;

    [OneTimeSetUp]
    public void RequireServers()
    {
        if (!File.Exists(Orthanc.Plugin) || !new[] { "Orthanc", "storescp", "storescu" }.All(IsInstalled))
            Assert.Ignore("Orthanc with DICOMweb or dcmtk is not installed; `dotnet cake --target=TestPacs` installs them.");
        CommandLine.RunWell("phantom", "--out", _folder["data"], "--ct-train", "0", "--mr-train", "0", "--ct-test", "1");
        var volume = VolumeFile.ReadIntensities(_folder["data", "ct_test", "ct_test_2001_image.nii.gz"]);
        // Two studies: the same body, twice.
        foreach (var study in new[] { "1.2.10", "1.2.20" })
        {
            foreach (var slice in DicomScan.Slices(volume, OfStudy(study) with { SeriesUid = $"{study}.1" }))
                slice.Write(_folder[study, $"{slice.SopUid}.dcm"]);
        }

        // What lies beside scans: a scout, and a picture of a screen.
        var first = OfStudy("1.2.10");
        (first with { SeriesUid = "1.2.10.2", SopUid = "1.2.10.2.1", ImageType = @"ORIGINAL\PRIMARY\LOCALIZER" })
            .Write(_folder["1.2.10", "scout.dcm"]);
        const string picture = DicomSlice.SecondaryCaptureClass;
        (first with { SeriesUid = "1.2.10.3", SopUid = "1.2.10.3.1", SopClass = picture, Modality = "OT" })
            .Write(_folder["1.2.10", "screen.dcm"]);
        _folder.Write("password", Orthanc.Password + "\n");
    }

    [SetUp]
    public void Start() => _orthanc = new Orthanc().Start();

    [TearDown]
    public void Stop() => _orthanc.Dispose();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void What_comes_back_is_what_went_in_and_nothing_is_sent_twice()
    {
        Send(_folder["1.2.10"], _orthanc.DicomPort);
        var output = NewOutput();
        var (exit, said, error) = CommandLine.Run(
            [.. Score(output, "--study", "1.2.10", "--store"), "--format", "seg", "overlay"]);
        Assert.That(exit, Is.Zero, said + error);
        Assert.That(said, Does.Contain("1.2.10.3) has modality OT, but the model expects CT; skipped."));
        Assert.That(said, Does.Contain("is a localizer (scout)"));

        // The object and the pictures, byte by byte.
        var sent = Directory.EnumerateFiles(output, "*.dcm", SearchOption.AllDirectories).ToDictionary(SopUid, File.ReadAllBytes);
        var seg = _orthanc.Instances(_orthanc.Series("SEG").Single()).Single();
        var pictures = _orthanc.Series("OT").Select(_orthanc.Instances).Single(series => series.Length > 1);
        foreach (var instance in pictures.Append(seg))
        {
            Assert.That(instance.Study, Is.EqualTo("1.2.10"));
            Assert.That(_orthanc.Retrieve(instance), Is.EqualTo(sent[instance.Uid]), instance.Uid);
            sent.Remove(instance.Uid);
        }

        Assert.That(sent, Is.Empty);
        Assert.That(Path.Combine(output, "dicom", "1.2.10", "1.2.10.1"), Does.Not.Exist, "the fetched series is deleted");

        var arrived = _orthanc.ArrivedCount;
        (exit, said, error) = CommandLine.Run(
            [.. Score(output, "--since", "2026-11-01", "--store"), "--format", "seg", "overlay"]);
        Assert.That(exit, Is.Zero, said + error);
        Assert.That(said, Does.Contain("(1 of them earlier)").And.Not.Contain("sent"));
        Assert.That(_orthanc.ArrivedCount, Is.EqualTo(arrived));
    }

    [Test]
    public void A_run_that_was_killed_loses_no_case_and_sends_none_twice()
    {
        foreach (var study in new[] { "1.2.10", "1.2.20" })
            Send(_folder[study], _orthanc.DicomPort);
        var output = NewOutput();
        var scans = _orthanc.ArrivedCount;
        string[] command = [.. Score(output, "--study", "1.2.10", "1.2.20", "--store")];
        // The first time while it fetches, then as soon as there is an object, then as soon as one has arrived.
        foreach (var isTime in new Func<bool>[]
        {
            () => Directory.EnumerateFiles(output, "1.2.*.dcm", SearchOption.AllDirectories).Any(),
            () => Directory.EnumerateFiles(output, "*.seg.dcm").Any(),
            () => _orthanc.ArrivedCount > scans,
        })
        {
            using var run = RunningProgram.Mkdseg(command);
            run.Until(isTime);
            run.Kill();
        }

        var (exit, said, error) = CommandLine.Run(command);
        Assert.That(exit, Is.Zero, said + error);
        Assert.That(said, Does.Contain("2 volumes labelled"));
        AssertStored(output, 2);
        Assert.That(_orthanc.ArrivedCount, Is.EqualTo(scans + 2), "each object arrived once");
        Assert.That(
            Directory.EnumerateFiles(output, ".*", SearchOption.AllDirectories), Is.Empty, "nothing half is left");
        Assert.That(File.ReadAllLines(Path.Combine(output, "results.csv")), Has.Length.EqualTo(4), "both scans and the scout");
    }

    [Test]
    public void Results_wait_for_a_server_that_is_away()
    {
        Send(_folder["1.2.20"], _orthanc.DicomPort);
        using var archive = new Orthanc();
        var output = NewOutput();
        string[] command = [.. Score(output, "--study", "1.2.20", "--store", archive.Address), "--patience", "1"];
        var (exit, said, error) = CommandLine.Run(command);
        Assert.That(exit, Is.EqualTo(2), said + error);
        Assert.That(said, Does.Contain("1 volumes labelled").And.Contain("Connection refused").And.Contain("trying again in"));
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(error, Does.StartWith("mkdseg: The results of 1 series were not sent."));
        Assert.That(error, Does.EndWith("check that it works, then start the same command again.\n"));

        archive.Start();
        (exit, said, error) = CommandLine.Run(command);
        Assert.That(exit, Is.Zero, said + error);
        Assert.That(said, Does.Contain("(1 of them earlier)").And.Contain("1 object sent"));
        Assert.That(archive.ArrivedCount, Is.EqualTo(1));
        Assert.That(_orthanc.Series("SEG"), Is.Empty);
    }

    [Test]
    public void A_wrong_password_is_told_in_one_sentence()
    {
        _folder.Write("wrong", "wrong");
        var (exit, _, error) = CommandLine.Run(
            "score", "--from", _orthanc.Address, "--study", "1.2.10", "--user", Orthanc.User, "--password-file", _folder["wrong"],
            "--model", Bundle, "--out", NewOutput());
        Assert.That(exit, Is.EqualTo(1));
        Assert.That(error, Does.Match(
            @"^mkdseg: .+ answers 401 Unauthorized: it does not accept these credentials; check --user .+\n$"));
    }

    [Test]
    public void Series_that_storescp_receives_are_scored_once_and_sent_once()
    {
        var (incoming, output, port) = (_folder[$"incoming{_outputs}"], NewOutput(), Orthanc.FreePort());
        Directory.CreateDirectory(incoming);
        using var receiver = new RunningProgram("storescp", ["--verbose", "--output-directory", incoming, $"{port}"]);
        string[] command =
        [
            "watch", incoming, "--model", Bundle, "--out", output, "--quiet", "2", "--threads", "1", "--store", _orthanc.Address,
            "--user", Orthanc.User, "--password-file", _folder["password"],
        ];
        string said;
        using (var watch = RunningProgram.Mkdseg(command))
        {
            watch.UntilSaid("Watching");
            Send(_folder["1.2.10"], port);
            watch.Until(() => Directory.EnumerateFiles(output, "*.seg.dcm").Any());
            watch.Kill();
            said = watch.Said;
        }

        using (var watch = RunningProgram.Mkdseg(command))
        {
            Send(_folder["1.2.20"], port);
            watch.Until(() => _orthanc.ArrivedCount == 2);
            watch.UntilSaid("1.2.20.1): 1 object sent.");
            watch.Until(() => (said + watch.Said).Split("is a localizer (scout)").Length == 2);
            watch.Until(() => (said + watch.Said).Split("is a secondary capture").Length == 2);
            Assert.That(watch.Interrupt(), Is.Zero, watch.Said);
            Assert.That(watch.Said, Does.Contain("Stopped; rerun the same command to resume."));
        }

        AssertStored(output, 2);
        using (var watch = RunningProgram.Mkdseg(command))
        {
            // A scan of two slices more than was sent before: too late.
            (new DicomSlice { SeriesUid = "1.2.20.1", SopUid = "1.2.20.1.999" }).Write(_folder["late", "1.dcm"]);
            Send(_folder["late"], port);
            watch.UntilSaid("images, but its mask was created from");
            Assert.That(watch.Interrupt(), Is.Zero, watch.Said);
            Assert.That(watch.Said, Does.Not.Contain(": ok").And.Not.Contain("doubtful").And.Not.Contain("sent"));
        }

        Assert.That(_orthanc.ArrivedCount, Is.EqualTo(2));
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static DicomSlice OfStudy(string study) => new()
    {
        Extra = new Dictionary<uint, string>
        {
            [0x0020000D] = study, [0x00100020] = $"patient {study}", [0x00080020] = "20261129",
        },
    };

    private static string SopUid(string file) => DicomParser.Read(file)!.Images.First().Text(DicomTag.SopInstance);

    private static void Send(string folder, int port)
    {
        using var send = new RunningProgram("storescu", ["--scan-directories", "127.0.0.1", $"{port}", folder]);
        Assert.That(send.WaitForExit(), Is.Zero, send.Said);
    }

    private string NewOutput()
    {
        var output = _folder[$"out{++_outputs}"];
        Directory.CreateDirectory(output);
        return output;
    }

    private string[] Score(string output, params string[] what) =>
    [
        "score", "--from", _orthanc.Address, "--model", Bundle, "--out", output, "--threads", "1", "--user", Orthanc.User,
        "--password-file", _folder["password"], .. what,
    ];

    private void AssertStored(string output, int count)
    {
        var sent = Directory.EnumerateFiles(output, "*.seg.dcm").ToDictionary(SopUid, File.ReadAllBytes);
        var stored = _orthanc.Series("SEG").SelectMany(_orthanc.Instances)
            .ToDictionary(instance => instance.Uid, _orthanc.Retrieve);
        Assert.That(stored, Has.Count.EqualTo(count));
        Assert.That(stored, Is.EquivalentTo(sent));
    }
}
