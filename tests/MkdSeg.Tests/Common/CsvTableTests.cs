using MkdSeg.Common;

namespace MkdSeg.Tests.Common;

public class CsvTableTests
{
    [Test]
    public void Fields_may_hold_commas_quotes_and_line_breaks()
    {
        var table = CsvTable.Parse("a,b\r\n\"1, 2\",\"say \"\"hm\"\"\nagain\"\r\n\n3,", "x.csv");
        Assert.That(table.Columns, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(table.Rows, Is.EqualTo(new[] { new[] { "1, 2", "say \"hm\"\nagain" }, ["3", ""] }));
    }

    [Test]
    public void Fields_that_are_not_there_are_empty()
    {
        var table = CsvTable.Parse("a,b\n1", "x.csv");
        Assert.That(table.Field(table.Rows[0], "b"), Is.Empty);
        Assert.That(table.Field(table.Rows[0], "c"), Is.Empty);
    }

    [Test]
    public void Numbers_are_read_as_this_program_writes_them()
    {
        Assert.That(CsvTable.Number("0.25"), Is.EqualTo(0.25));
        Assert.That(CsvTable.Number("inf"), Is.EqualTo(double.PositiveInfinity));
        Assert.That(CsvTable.Number("nan"), Is.NaN);
        Assert.That(CsvTable.Number(""), Is.NaN);
    }

    [Test]
    public void An_empty_file_is_an_error_that_names_it() => Assert.That(
        () => CsvTable.Parse("\n", "x.csv"), Throws.TypeOf<UserErrorException>().With.Message.StartsWith("x.csv is empty"));
}
