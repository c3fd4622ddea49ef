using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MkdSeg.Reports.Page;

namespace MkdSeg.Service.Page;

/// <summary>The web page, whose parts are all embedded in the program.</summary>
internal static class ServicePage
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Serve("/", "index.html", "text/html; charset=utf-8");
        Serve("/service.css", "service.css", "text/css; charset=utf-8");
        Serve("/service.js", "service.js", "text/javascript; charset=utf-8");
        ServeScript("/heart-viewer.js", PageLibraries.Resource("heart-viewer.js"));
        if (PageLibraries.FindLibrary("niivue.js") is { } viewer)
            ServeScript("/niivue.js", viewer);

        void Serve(string path, string name, string type)
        {
            using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("service/" + name)
                ?? throw new InvalidOperationException($"The assembly has no resource {name}.");
            using var bytes = new MemoryStream();
            resource.CopyTo(bytes);
            ServeBytes(path, bytes.ToArray(), type);
        }

        void ServeScript(string path, string text) =>
            ServeBytes(path, Encoding.UTF8.GetBytes(text), "text/javascript; charset=utf-8");

        void ServeBytes(string path, byte[] bytes, string type) =>
            app.MapGet(path, () => Results.Bytes(bytes, type)).ExcludeFromDescription();
    }
}
