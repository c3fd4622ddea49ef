using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Preprocessing;

public class SliceContextTests
{
    // Slices 2 mm apart whose voxels are 0, 10, 20, 30.
    private static readonly Volume<float> Ramp = Make([0, 10, 20, 30]);

    // 3 mm are one and a half slices.
    [TestCase(1, 0f, 10f, 25f)]
    [TestCase(0, 0f, 0f, 15f)]
    [TestCase(3, 15f, 30f, 30f)]
    public void Channels_lie_at_their_distance_and_stop_at_the_ends(int slice, params float[] expected)
    {
        var channels = new float[3];
        new SliceContext(3, 3).Gather(Ramp, slice, channels);
        Assert.That(channels, Is.EqualTo(expected));
    }

    [Test]
    public void Slices_at_whole_steps_are_copied_and_none_is_interpolated_for_rounding()
    {
        // 0.1 + 0.2 is not 0.3: three steps of 0.1 mm must still be a slice of its own.
        var thin = Make([1e9f, 1, 2, 3], 0.1);
        var channels = new float[3];
        new SliceContext(3, 0.3).Gather(thin, 3, channels);
        Assert.That(channels, Is.EqualTo(new[] { 1e9f, 3, 3 }));
    }

    [Test]
    public void Without_context_a_slice_is_itself()
    {
        var channel = new float[1];
        SliceContext.None.Gather(Ramp, 2, channel);
        Assert.That(channel, Is.EqualTo(new[] { 20f }));
    }

    [TestCase(2, 3, "contextSlices is 2; it must be odd")]
    [TestCase(0, 3, "contextSlices is 0")]
    [TestCase(3, 0, "contextSpacingMm is 0; it must be above 0")]
    public void What_makes_no_sense_is_refused(int slices, double spacing, string message) => Assert.That(
        () => new PreprocessingOptions { ContextSlices = slices, ContextSpacingMm = spacing }.Validate("model.json"),
        Throws.InstanceOf<UserErrorException>().With.Message.StartsWith("model.json: ").And.Message.Contains(message));

    private static Volume<float> Make(float[] values, double sliceMm = 2) =>
        new(new(new(1, 1, values.Length), new(1, 1, sliceMm), default, Direction.Identity), values);
}
