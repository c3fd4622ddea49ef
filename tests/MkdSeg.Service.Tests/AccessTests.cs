using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MkdSeg.Common;

namespace MkdSeg.Service.Tests;

/// <summary>Who may ask, and what everybody may see.</summary>
[NonParallelizable]
public class AccessTests
{
    private const string Token = "a-long-text-that-nobody-guesses";
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Other_addresses_need_a_token_of_some_length()
    {
        Assert.That(
            async () => await RunningService.StartAsync(_folder["jobs"], options => options with { Address = IPAddress.Any }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("needs a token"));
        var file = _folder.Write("token", "short\n");
        Assert.That(
            async () => await RunningService.StartAsync(_folder["jobs"], options => options with { TokenFile = file }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("at least 16"));
    }

    [Test]
    public async Task With_a_token_only_its_bearers_are_answered()
    {
        var file = _folder.Write("token", Token + "\n");
        await using var service = await RunningService.StartAsync(_folder["jobs"], options => options with { TokenFile = file });
        foreach (var (token, status) in new[]
        {
            ("", HttpStatusCode.Unauthorized), (Token + "x", HttpStatusCode.Unauthorized), (Token[..^1], HttpStatusCode.Unauthorized),
            (Token, HttpStatusCode.OK),
        })
        {
            if (token.Length > 0)
                service.Authorize(token);
            using var version = await service.Client.GetAsync("/v1/version");
            Assert.That(version.StatusCode, Is.EqualTo(status), token);
            using var health = await service.Client.GetAsync("/v1/health");
            Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            using var page = await service.Client.GetAsync("/");
            Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK), "the page holds nothing and asks for the token");
        }

        service.Authorize("wrong");
        await RunningService.RefusedAsync(service.PostAsync(PhantomScan.Nifti), HttpStatusCode.Unauthorized);
        Assert.That(service.JobFolders, Is.Empty);
    }

    [TestCase("Host", "evil.example")]
    [TestCase("Origin", "https://evil.example")]
    [TestCase("Origin", "null")]
    public async Task Pages_of_other_sites_are_refused(string header, string value)
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = new ByteArrayContent(PhantomScan.Nifti) };
        request.Headers.Add(header, value);
        await RunningService.RefusedAsync(service.Client.SendAsync(request), HttpStatusCode.Forbidden);
        using var own = new HttpRequestMessage(HttpMethod.Get, "/v1/version");
        own.Headers.Add("Origin", service.Address.GetLeftPart(UriPartial.Authority));
        using var answer = await service.Client.SendAsync(own);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_API_describes_itself_and_its_model()
    {
        await using var service = await RunningService.StartAsync(_folder["jobs"]);
        var description = await service.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.That(
            description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => $"{verb.Name} {path.Name}")),
            Is.EquivalentTo(new[]
            {
                "post /v1/jobs", "get /v1/jobs/{id}", "delete /v1/jobs/{id}", "get /v1/jobs/{id}/result", "get /v1/jobs/{id}/image",
                "get /v1/health", "get /v1/version",
            }));
        Assert.That(
            description.GetProperty("paths").GetProperty("/v1/jobs").GetProperty("post").GetProperty("requestBody").GetProperty("content")
                .EnumerateObject().Select(type => type.Name),
            Does.Contain("multipart/form-data"));
        var version = await service.Client.GetFromJsonAsync<JsonElement>("/v1/version");
        Assert.That(version.GetProperty("structures").GetArrayLength(), Is.EqualTo(7));
        Assert.That(version.GetProperty("structures")[0].GetProperty("color").GetString(), Does.Match("^#[0-9a-fA-F]{6}$"));
    }
}
