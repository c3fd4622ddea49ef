using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>mkdseg serve as systemd starts and stops it.</summary>
[SupportedOSPlatform("linux")]
public partial class ServeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A socket takes the place of systemd's: the service says there when it listens and when it begins to stop, as units of
    /// Type=notify do. sd_notify(3), systemd.exec(5)
    /// </summary>
    [Test]
    public async Task It_tells_systemd_that_it_is_ready_and_that_it_stops()
    {
        using var folder = new TemporaryFolder();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(folder["notify"]));
        Directory.CreateDirectory(folder["credentials"]);
        folder.Write("credentials/token", "a-long-text-that-nobody-guesses");
        // The unit's own command line, with what systemd puts in for %S and %d.
        var words = File.ReadLines(Repository.File("deploy/mkdseg.service"))
            .Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal)).Split(' ')[1..]
            .Select(word => word
                .Replace("%S", folder.Path, StringComparison.Ordinal)
                .Replace("%d", folder["credentials"], StringComparison.Ordinal)
                .Replace("/opt/mkdseg/phantom-ct", Repository.File("onnx/phantom-ct"), StringComparison.Ordinal)
                .Replace("8080", "0", StringComparison.Ordinal));
        var program = Path.Combine(AppContext.BaseDirectory, "MkdSeg.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. words, "--log-json"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["NOTIFY_SOCKET"] = folder["notify"];
        using var process = Process.Start(start)!;
        try
        {
            var listening = "";
            var output = Task.Run(async () =>
            {
                while (await process.StandardOutput.ReadLineAsync() is { } line)
                {
                    var message = JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString()!;
                    if (Address().Match(message) is { Success: true } found)
                        listening = found.Value;
                }
            });
            Assert.That(await HearAsync(systemd), Is.EqualTo("READY=1"));
            // It listens when it says so; the line that tells where comes at the same time.
            for (var i = 0; i < 100 && listening.Length == 0; i++)
                await Task.Delay(50);
            using (var client = new HttpClient())
                Assert.That(await client.GetStringAsync(new Uri(listening + "v1/health")), Does.Contain("\"ok\""));

            using (Process.Start("kill", ["-TERM", $"{process.Id}"]))
                Assert.That(await HearAsync(systemd), Is.EqualTo("STOPPING=1"));
            Assert.That(process.WaitForExit(Patience), Is.True);
            Assert.That(process.ExitCode, Is.Zero);
            await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token)).Trim();
    }

    [GeneratedRegex("http://[0-9.:]+/")]
    private static partial Regex Address();
}
