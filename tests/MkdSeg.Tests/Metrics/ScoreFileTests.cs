using System.Text.Json.Nodes;
using MkdSeg.Datasets;
using MkdSeg.Metrics;

namespace MkdSeg.Tests.Metrics;

public class ScoreFileTests
{
    private static readonly ScoreTable Table = new(
        new LabelSet(LabelSet.WholeHeart.Structures.Take(2)),
        [
            new("ct,1", [0.5, 0])
            {
                IntersectionOverUnion = [0.25, 0],
                Surfaces = [new(0.9, 3, 1.25, -2), new(0, double.PositiveInfinity, double.PositiveInfinity, 7)],
            },
            new("ct_2", [1, double.NaN]),
        ]);

    [Test]
    public void CsvHasARowPerStructure() =>
        Assert.That(ScoreFile.ToCsv([("S_real", Table)]), Is.EqualTo(
            "prediction,case,structure,dice,surface_dice,surface_tolerance_mm,hd95_mm,assd_mm,volume_difference_ml,iou\n"
            + "S_real,\"ct,1\",MYO,0.5,0.9,2,3,1.25,-2,0.25\n"
            + "S_real,\"ct,1\",LA,0,0,2,inf,inf,7,0\n"
            + "S_real,ct_2,MYO,1,,,,,,\n"
            + "S_real,ct_2,LA,nan,,,,,,\n"));

    [Test]
    public void JsonHoldsTheSame()
    {
        var json = JsonNode.Parse(ScoreFile.ToJson([("S_real", Table)], "phantoms"))!;
        var cases = json["predictions"]![0]!["cases"]!;

        Assert.Multiple(() =>
        {
            Assert.That((string?)json["note"], Is.EqualTo("phantoms"));
            Assert.That((double)json["predictions"]![0]!["meanDice"]!, Is.EqualTo(Table.Mean));
            Assert.That((double)cases[0]!["structures"]![0]!["assdMm"]!, Is.EqualTo(1.25));
            Assert.That((string?)cases[0]!["structures"]![1]!["hd95Mm"], Is.EqualTo("Infinity"));
            Assert.That((double)cases[0]!["surfaceToleranceMm"]!, Is.EqualTo(2));
            Assert.That((double)cases[0]!["structures"]![0]!["intersectionOverUnion"]!, Is.EqualTo(0.25));
            Assert.That((string?)cases[1]!["structures"]![1]!["dice"], Is.EqualTo("NaN"));
            Assert.That(cases[1]!["structures"]![1]!.AsObject().ContainsKey("hd95Mm"), Is.False);
        });
    }
}
