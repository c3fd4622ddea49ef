using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MkdSeg.TestKit;

/// <summary>A headless Chromium with one page, driven over the DevTools protocol.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private int _lastId;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page wrote to the console as an error, and what it failed at.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>The program; null where there is none.</summary>
    public static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    public static async Task<Chromium> StartAsync(int width, int height, TimeSpan timeout)
    {
        var profile = Directory.CreateTempSubdirectory("mkdseg-chromium-").FullName;
        var start = new ProcessStartInfo(Find()!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // WebGL without a GPU; no sandbox, which root may not have.
        foreach (var argument in new[]
        {
            "--headless=new", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox", "--no-first-run",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile}",
            $"--window-size={width},{height}", "about:blank",
        })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var chromium = new Chromium(process, profile);
        try
        {
            await chromium.ConnectAsync(timeout);
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a file or an address.</summary>
    public async Task OpenAsync(string path)
    {
        await CommandAsync("Page.navigate", new() { ["url"] = new Uri(path).AbsoluteUri });
        await UntilAsync("document.readyState === 'complete'", TimeSpan.FromMinutes(1));
    }

    /// <summary>The value of an expression of JavaScript; promises are awaited.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CommandAsync("Runtime.evaluate", new()
        {
            ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true,
        });
        if (answer["exceptionDetails"] is { } details)
            throw new InvalidOperationException($"{expression}: {details.ToJsonString()}");
        return answer["result"]?["value"]?.DeepClone();
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string expression, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while ((await EvaluateAsync($"Boolean({expression})"))?.GetValue<bool>() != true)
        {
            if (clock.Elapsed > timeout)
                throw new TimeoutException($"{expression} did not become true; {string.Join('\n', _complaints)}");
            await Task.Delay(100);
        }
    }

    /// <summary>The window's size in CSS pixels, as of a phone or a desk.</summary>
    public Task ResizeAsync(int width, int height, bool isPhone = false) => CommandAsync(
        "Emulation.setDeviceMetricsOverride",
        new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = isPhone });

    /// <summary>Shows the page as on the screen or as on paper.</summary>
    public Task EmulateMediaAsync(string media) =>
        CommandAsync("Emulation.setEmulatedMedia", new() { ["media"] = media });

    /// <summary>The page as it is printed, PDF.</summary>
    public async Task<byte[]> PrintAsync() => Convert.FromBase64String((await CommandAsync(
        "Page.printToPDF", new() { ["printBackground"] = false }))["data"]!.GetValue<string>());

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A child process may still be writing there; the folder for temporary files is not ours to keep clean.
        }
    }

    private async Task ConnectAsync(TimeSpan timeout)
    {
        var file = Path.Combine(_profile, "DevToolsActivePort");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(file) || (await File.ReadAllTextAsync(file)).Split('\n').Length < 2)
        {
            if (clock.Elapsed > timeout || _process.HasExited)
                throw new TimeoutException("Chromium did not start.");
            await Task.Delay(50);
        }

        var port = (await File.ReadAllLinesAsync(file))[0];
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/json/list"))!.AsArray();
        var page = pages.First(item => item!["type"]!.GetValue<string>() == "page")!;
        await _socket.ConnectAsync(new(page["webSocketDebuggerUrl"]!.GetValue<string>()), CancellationToken.None);
        foreach (var domain in new[] { "Page", "Runtime", "Log" })
            await CommandAsync($"{domain}.enable", []);
    }

    private async Task<JsonObject> CommandAsync(string method, JsonObject parameters)
    {
        var id = ++_lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(
            Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, CancellationToken.None);
        while (true)
        {
            var answer = await ReceiveAsync();
            if (answer["id"]?.GetValue<int>() == id)
            {
                return answer["error"] is { } error
                    ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}")
                    : answer["result"]!.AsObject();
            }

            Note(answer);
        }
    }

    private async Task<JsonObject> ReceiveAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), timeout.Token);
            content.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(content.ToArray())!.AsObject();
    }

    private void Note(JsonObject happened)
    {
        var what = happened["method"]?.GetValue<string>();
        var details = happened["params"];
        if ((what == "Runtime.consoleAPICalled" && details?["type"]?.GetValue<string>() is "error" or "assert")
            || what == "Runtime.exceptionThrown"
            || (what == "Log.entryAdded" && details?["entry"]?["level"]?.GetValue<string>() == "error"))
        {
            _complaints.Add(details!.ToJsonString(new JsonSerializerOptions { WriteIndented = false }));
        }
    }
}
