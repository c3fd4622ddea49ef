using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.ML.Scoring;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Scoring;

/// <summary>Each doubt alone, on blocks of voxels whose measures are known.</summary>
public class QualityCheckTests
{
    private static readonly ModelBundle Bundle = new()
    {
        Name = "heart", Modality = "CT", Labels = [.. LabelSet.WholeHeart.Structures], Networks = [],
        Preprocessing = new PreprocessingOptions(), Quality = QualityThresholds.WholeHeartCt,
    };

    // 2 mm voxels: 125 of them are 1 mL.
    private static readonly Grid Grid = new(new(80, 80, 40), new(2, 2, 2), default, Direction.Identity);

    [Test]
    public void Nothing_is_said_about_a_plausible_heart() => Assert.That(Doubts(Heart()), Is.Empty);

    [TestCase(89f, true)]
    [TestCase(91f, false)]
    public void Blood_below_the_threshold_has_no_contrast(float bloodHu, bool isDoubtful) => Assert.That(
        Doubts(Heart(bloodHu)).Count(doubt => doubt.Contains("no contrast agent")), Is.EqualTo(isDoubtful ? 1 : 0));

    [Test]
    public void Segmentors_that_disagree_are_reported() => Assert.That(
        Doubts(Heart(), structure => structure with { Agreement = 0.7 }), Has.One.Contains("Dice coefficient of only 0.70"));

    [Test]
    public void A_volume_outside_the_range_of_adults_is_named() => Assert.That(
        Doubts(Heart(), structure => structure.Name == "LV" ? structure with { VolumeMl = 12.8 } : structure),
        Has.One.EqualTo("LV has 12.8 mL; 13 to 213 mL are plausible in adults."));

    [Test]
    public void What_clean_up_removed_counts_over_all_structures() => Assert.That(
        Doubts(Heart(), structure => structure with { RemovedMl = 0.12 * structure.VolumeMl }),
        Has.One.StartsWith("Clean-up removed"));

    [Test]
    public void A_missing_structure_is_named() => Assert.That(
        Doubts(Heart(), structure => structure.Name == "PA" ? structure with { VolumeMl = 0 } : structure),
        Has.One.EqualTo("Not found: PA."));

    // 6 × 6 pixels of 4 mm² are 144 mm², 7 × 6 are 168 mm²; the limit is 150 mm².
    [TestCase(3, 6, 0)]
    [TestCase(3, 7, 1)]
    [TestCase(6, 7, 0)]
    public void A_chamber_at_the_edge_is_cut_and_a_vessel_is_not(int classIndex, int width, int expected)
    {
        var (image, mask) = Heart();
        for (var y = 0; y < 6; y++)
        {
            for (var x = 0; x < width; x++)
                mask[x + 30, y + 30, 39] = (byte)classIndex;
        }

        Assert.That(Doubts((image, mask)).Count(doubt => doubt.Contains("edge cuts LV")), Is.EqualTo(expected));
    }

    private static string[] Doubts(
        (Volume<float> Image, Volume<byte> Mask) heart, Func<StructureResult, StructureResult>? change = null)
    {
        var volumes = StructureVolumes.InMl(heart.Mask, LabelSet.WholeHeart.ClassCount);
        var structures = LabelSet.WholeHeart.Structures.Select((structure, i) => new StructureResult
        {
            Name = structure.Name, VolumeMl = volumes[i], Agreement = 0.9,
        });
        return [.. QualityCheck.Doubts(new(heart.Mask, heart.Image), [.. structures.Select(change ?? (same => same))], Bundle)];
    }

    /// <summary>Seven blocks of 60 mL each, away from the edges.</summary>
    private static (Volume<float> Image, Volume<byte> Mask) Heart(float bloodHu = 300)
    {
        var (image, mask) = (new Volume<float>(Grid), new Volume<byte>(Grid));
        Array.Fill(image.Voxels, -100f);
        for (var c = 1; c <= 7; c++)
        {
            // 30 × 10 × 25 voxels are 60 mL.
            for (var z = 5; z < 30; z++)
            {
                for (var y = 0; y < 10; y++)
                {
                    for (var x = 20; x < 50; x++)
                    {
                        mask[x, (10 * c) - 5 + y, z] = (byte)c;
                        image[x, (10 * c) - 5 + y, z] = c == 1 ? 60 : bloodHu;
                    }
                }
            }
        }

        return (image, mask);
    }
}
