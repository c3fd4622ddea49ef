using MkdSeg.IO;
using MkdSeg.Rendering;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Rendering;

public class RgbPictureTests
{
    [Test]
    public void Png_in_memory_is_the_one_that_is_saved()
    {
        using var folder = new TemporaryFolder();
        var picture = new RgbPicture(3, 2);
        picture.Set(2, 1, 10, 20, 30);
        picture.SavePng(folder["saved.png"]);
        Assert.That(picture.ToPng(), Is.EqualTo(File.ReadAllBytes(folder["saved.png"])));
        Assert.That(VolumeFile.ReadHeader(folder["saved.png"]).Grid.Size, Is.EqualTo(new GridSize(3, 2, 1)));
    }

    [Test]
    public void A_pasted_picture_must_lie_within()
    {
        var picture = new RgbPicture(3, 2);
        Assert.That(() => picture.Paste(new RgbPicture(2, 2), 2, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => picture.Paste(new RgbPicture(2, 2), 0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
