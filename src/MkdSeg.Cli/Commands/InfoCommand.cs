using MkdSeg.IO;
using MkdSeg.IO.Dicom;
using MkdSeg.Volumes;

namespace MkdSeg.Cli.Commands;

/// <summary><c>mkdseg info</c>: describes a volume, a manifest or a bundle.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path")
        {
            Description = "A volume (NIfTI, NRRD, MetaImage), a folder of volumes and DICOM series, a manifest (.json), "
                + "or a bundle (folder or .zip).",
        };
        var dataRoot = CommonOptions.DataRoot();
        var hashes = CommonOptions.New<bool>("--hashes", "Check a manifest's files against its hashes.");
        var command = new Command(
            "info",
            "Describes a volume, a dataset manifest or a model bundle.\n\n"
            + "Example: mkdseg info onnx/phantom-ct")
        {
            path, dataRoot, hashes,
        };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(path)!;
            return CommonOptions.IsBundle(given) ? Show(ModelBundle.Load(given))
                : given.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                    ? Show(DatasetManifest.Load(given, parsed.GetValue(dataRoot)), parsed.GetValue(hashes))
                : Directory.Exists(given) ? ShowFolder(given)
                : Show(VolumeFile.ReadHeader(given), given);
        });
        return command;
    }

    private static int Show(ModelBundle bundle)
    {
        Console.WriteLine($"Model bundle {bundle.Name}, target modality {bundle.Modality}");
        foreach (var network in bundle.Networks)
        {
            Console.WriteLine($"  {network.Role,-8} {network.File}  {network.InputName} → {network.OutputName}, "
                + $"sizes divisible by {network.SizeMultiple}, SHA-256 {network.Sha256[..12]}…");
        }

        var preparation = bundle.Preprocessing;
        Console.WriteLine(bundle.PhotographSide is { } side
            ? $"  input    photographs with {bundle.Channels} channels, shorter side {side} pixels"
            : $"  input    {preparation.PatchSize}×{preparation.PatchSize} pixels of "
                + $"{preparation.InPlaneSpacingMm} mm, orientation {preparation.Orientation}");
        if (bundle.Locator is { } locator)
        {
            Console.WriteLine($"  locator  {locator.ContextSlices} slices of {locator.SpacingMm} mm voxels, box + "
                + $"{locator.MarginMm} mm; a heart has at least {locator.LeastVolumeMl} mL and probability "
                + $"{locator.LeastProbability}");
        }

        foreach (var structure in bundle.Labels)
            Console.WriteLine($"  class {structure.ClassIndex}  {structure.Name,-4} value {structure.Value}  {structure.FullName}");

        foreach (var measured in bundle.Metrics)
        {
            Console.WriteLine($"  mean Dice {measured.MeanDice:0.000} ({measured.Predictor}, {measured.Cases} volumes: "
                + $"{measured.Data})");
        }

        foreach (var (tool, version) in bundle.ToolVersions)
            Console.WriteLine($"  {tool} {version}");
        return 0;
    }

    private static int Show(DatasetManifest manifest, bool checkHashes)
    {
        Console.WriteLine($"Data set {manifest.Name}: {manifest.Title}");
        var (kind, cases) = manifest is PhotographManifest photographs
            ? ("photographs", photographs.Modalities.Keys.SelectMany(name => photographs.CasesOf(name))
                .Select(entry => (entry.Modality, entry.Split)))
            : ("cases", ((VolumeManifest)manifest).Cases.Select(entry => (entry.Modality, entry.Split)));
        foreach (var group in cases.GroupBy(entry => entry))
        {
            var split = group.Key.Split is { } name ? $" ({name})" : "";
            Console.WriteLine($"  {group.Key.Modality}{split}: {group.Count()} {kind}");
        }

        var problems = manifest.FindProblems(checkHashes);
        foreach (var problem in problems)
            Console.WriteLine($"  problem: {problem}");

        Console.WriteLine(problems.Count == 0 ? "  all files are present" : $"  {problems.Count} problems");
        return problems.Count == 0 ? 0 : ErrorReport.SomeFailed;
    }

    // An unreadable file gets a line like the others; the exit code reports it.
    private static int ShowFolder(string folder)
    {
        var bad = 0;
        foreach (var found in VolumeListing.FindTree(folder))
        {
            if (found.Series is { } series)
            {
                Console.WriteLine($"Series '{series.Description}', {series.Modality}, {series.Files.Count} files, "
                    + $"case {series.CaseName}");
                if (series.Problem is { } problem)
                {
                    Console.WriteLine($"  {problem}");
                    bad += series.Kind == DicomSeriesKind.BrokenScan ? 1 : 0;
                    continue;
                }
            }

            try
            {
                Show(VolumeFile.ReadHeader(found.Path), found.Path);
            }
            catch (UserErrorException error)
            {
                Console.WriteLine($"Volume {found.Path}\n  {error.Message}");
                bad++;
            }
        }

        return bad == 0 ? 0 : ErrorReport.SomeFailed;
    }

    private static int Show(VolumeHeader header, string path)
    {
        var grid = header.Grid;
        Console.WriteLine($"Volume {path}");
        Console.WriteLine(
            $"  {grid.Size} voxels, {header.PixelType}, {header.Format}, orientation {Orientation.Of(grid)}");
        Console.WriteLine(
            $"  spacing {grid.SpacingMm.X:0.###} × {grid.SpacingMm.Y:0.###} × {grid.SpacingMm.Z:0.###} mm, origin "
            + $"({grid.OriginMm.X:0.##}, {grid.OriginMm.Y:0.##}, {grid.OriginMm.Z:0.##}) mm LPS");
        foreach (var warning in header.Warnings)
            Console.WriteLine($"  {warning}");
        return 0;
    }
}
