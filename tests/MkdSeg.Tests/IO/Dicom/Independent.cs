using System.ComponentModel;
using System.Diagnostics;
using MkdSeg.TestKit;

namespace MkdSeg.Tests.IO.Dicom;

/// <summary>Programs that others wrote, which look at what this one writes. Where one is missing, the test is skipped.</summary>
internal static class Independent
{
    /// <summary>What Debian's Python prints; skips the test where a module is missing.</summary>
    public static string Python(string module, string script, params string[] arguments)
    {
        if (Start("/usr/bin/python3", ["-c", $"import {module}"])?.Exit != 0)
            Assert.Ignore($"Debian's python3-{module} is not installed.");
        return Succeed(Start("/usr/bin/python3", ["-c", script, .. arguments]));
    }

    /// <summary>What Node.js prints; skips the test where a package of package.json is missing.</summary>
    public static string Node(string package, string script, params string[] arguments)
    {
        if (Start("node", ["-e", $"require('{package}')"])?.Exit != 0)
            Assert.Ignore($"The npm package {package} is not installed.");
        return Succeed(Start("node", ["-e", script, .. arguments]));
    }

    /// <summary>What a program prints on both streams; skips the test where it is missing.</summary>
    public static string Program(string program, string debianPackage, params string[] arguments)
    {
        var result = Start(program, arguments);
        if (result is null)
            Assert.Ignore($"Debian's {debianPackage} is not installed.");
        return result!.Value.Output + result.Value.Error;
    }

    private static string Succeed((int Exit, string Output, string Error)? result)
    {
        Assert.That(result?.Exit, Is.Zero, result?.Error);
        return result!.Value.Output;
    }

    private static (int Exit, string Output, string Error)? Start(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root,
            })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
