using MkdSeg.Experiments.Paper;
using MkdSeg.Experiments.Planning;

namespace MkdSeg.Experiments.Tests.Paper;

public class PaperTablesTests
{
    private static IEnumerable<(TableDefinition Table, TableRow Row)> Rows =>
        TableDefinition.All.SelectMany(table => table.Rows.Select(row => (table, row)));

    [Test]
    public void Means_are_those_of_the_structures_within_rounding()
    {
        var checkedRows = 0;
        foreach (var (table, row) in Rows)
        {
            if (PaperTables.Find(table.Number, row.Name) is not { Structures.Count: > 0 } paper)
                continue;

            // Both sides are rounded to four places.
            Assert.That(paper.Structures, Has.Count.EqualTo(7));
            var name = $"{table.Number}: {row.Name}";
            Assert.That(paper.Structures.Average(), Is.EqualTo(paper.Mean).Within(1.1e-4), name);
            checkedRows++;
        }

        Assert.That(checkedRows, Is.EqualTo(9 + 9), "rows of Tables 1 and 4 that the paper gives per structure");
    }

    [Test]
    public void Only_what_the_paper_does_not_have_is_missing() => Assert.That(
        Rows.Where(row => PaperTables.Find(row.Table.Number, row.Row.Name) is null)
            .Select(row => $"{row.Table.Number} {row.Row.Method}"),
        Is.EquivalentTo(new[] { "1 joint-strong", "1 ummkd", "4 joint-strong", "4 zhang-ensemble", "4 ummkd" }));

    [Test]
    public void The_gains_that_the_text_states_follow()
    {
        double Mean(int table, string row) => PaperTables.Find(table, row)!.Mean;

        Assert.That(Mean(1, "MKD, ensemble") - Mean(1, "Baseline"), Is.EqualTo(.0306).Within(1e-9));
        Assert.That(Mean(2, "full, S_real") - Mean(2, "without IAM, S_real"), Is.EqualTo(.0202).Within(1e-9));
        Assert.That(Mean(4, "MKD, ensemble") - Mean(4, "Zhang 2018"), Is.EqualTo(.0142).Within(1e-9));
        Assert.That(Mean(3, "20 MR"), Is.EqualTo(Mean(1, "MKD, ensemble")));
    }
}
