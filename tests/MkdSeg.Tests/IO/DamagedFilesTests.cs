using System.Diagnostics;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>Damaged inputs of all formats: each ends in one clear sentence, soon and without much memory.</summary>
public class DamagedFilesTests
{
    private const long MostBytes = 2L << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Test]
    public void Every_damaged_input_ends_in_one_sentence()
    {
        using var folder = new TemporaryFolder();
        var wrong = new List<string>();
        var (count, failed) = (0, 0);
        foreach (var (path, mustFail) in DamagedFiles.Write(folder))
        {
            count++;
            Read(path, mustFail, () => VolumeFile.ReadIntensities(path));
            // Photographs are read on a way of their own.
            if (path.EndsWith(".png", StringComparison.Ordinal))
                Read(path, mustFail, () => PhotographFile.Read(path, 1));
        }

        using var process = Process.GetCurrentProcess();
        TestContext.Out.WriteLine($"{count} inputs, {failed} refused, peak memory {process.PeakWorkingSet64 >> 20} MB");
        Assert.Multiple(() =>
        {
            Assert.That(count, Is.GreaterThanOrEqualTo(300));
            Assert.That(wrong, Is.Empty, string.Join('\n', wrong));
            Assert.That(process.PeakWorkingSet64, Is.LessThan(MostBytes));
        });

        void Read(string path, bool mustFail, Func<Volume<float>> read)
        {
            var watch = Stopwatch.StartNew();
            var name = Path.GetFileName(path);
            try
            {
                var volume = read();
                if (mustFail)
                    wrong.Add($"{name}: was read");
                else if (!volume.Voxels.All(float.IsFinite))
                    wrong.Add($"{name}: was read with voxels that are not finite");
            }
            catch (UserErrorException error)
            {
                failed++;
                if (!error.Message.Contains(name, StringComparison.Ordinal) || !IsSentence(error.Message.Replace(path, "")))
                    wrong.Add($"{name}: {error.Message}");
            }
            catch (Exception error)
            {
                wrong.Add($"{name}: {error.GetType().Name} {error.Message}");
            }

            if (watch.Elapsed > Longest)
                wrong.Add($"{name}: took {watch.Elapsed.TotalSeconds:0} s");
        }
    }

    [Test]
    public void Interlaced_pictures_are_whole()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["interlaced.png"], DamagedPngs.WholeInterlaced());
        var picture = PhotographFile.Read(folder["interlaced.png"], 1);
        Assert.That((picture.Grid.Size.X, picture.Grid.Size.Y), Is.EqualTo((12, 10)));
        Assert.That(picture.Voxels, Is.All.EqualTo(-1f));
    }

    private static bool IsSentence(string message) =>
        message.Length is > 20 and < 500 && !message.Contains('\n', StringComparison.Ordinal) && message[^1] == '.'
        && !message.Contains("Exception", StringComparison.Ordinal)
        && !message.Contains("(Parameter", StringComparison.Ordinal);
}
