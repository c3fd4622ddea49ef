using MkdSeg.Bundles;
using MkdSeg.Cli.Display;

namespace MkdSeg.Cli.Tests.Display;

public class TrainingViewTests
{
    private static readonly string[] Structures = ["MYO", "LA", "LV", "RA", "RV", "AA", "PA"];

    private static readonly string[] Symbols =
    [
        "L_adv_at", "L_cyc_at", "L_sup_at", "L_adv_t", "L_adv_ta", "L_cyc_ta", "L_adv_a", "L_sup_syn", "L_kd_rs", "L_sup_real",
        "L_kd_sr",
    ];

    private static readonly double[] Course = [.. Enumerable.Range(0, 16).Select(i => (double)i)];

    private static TrainingState State => new()
    {
        Title = "Train mkd",
        Phase = TrainingPhase.Running,
        Elapsed = new(0, 3, 40),
        SavedIteration = 400,
        Advance = new()
        {
            Iteration = 412,
            Iterations = 1000,
            PerSecond = 1.873,
            TimeLeft = new(1, 5, 14),
            Rates = new(5.88e-4, 1e-3),
            HasAdversaries = true,
            Losses = [.. Symbols.Select((name, i) => new LossState(name, 0.1 + i, 0.2 + i, Course))],
        },
        Validation = new(
            400,
            Structures,
            [
                new(NetworkRoles.SSyn, [0.71, 0.72, 0.73, 0.74, 0.75, 0.76, double.NaN]),
                new(NetworkRoles.SReal, [0.81, 0.82, 0.73, 0.84, 0.85, 0.86, double.NaN]),
                new(NetworkRoles.Ensemble, [0.80, 0.83, 0.72, 0.85, 0.86, 0.87, double.NaN]),
            ],
            300,
            0.8765),
    };

    [TestCase(200, true)]
    [TestCase(80, true)]
    [TestCase(80, false)]
    [TestCase(60, true)]
    [TestCase(40, true)]
    [TestCase(30, true)]
    public void Losses_Dice_speed_and_time_left_are_shown_at_any_width(int width, bool isUnicode)
    {
        var text = string.Join(' ', Draw(State, width, isUnicode)).Replace("  ", " ", StringComparison.Ordinal);
        foreach (var expected in (string[])
            [
                .. Symbols, .. Structures, "412 of 1000", "41 %", "1.87 it/s", "3:40 elapsed", "1:05:14 left", "5.88e-4", "1e-3",
                "after iteration 400", "after 300, Dice 0.877", "10.100", "0.860*", "0.730*", "S_syn", "ensemble",
            ])
        {
            Assert.That(text, Does.Contain(expected));
        }
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(12)]
    [TestCase(20)]
    [TestCase(37)]
    [TestCase(79)]
    [TestCase(120)]
    public void Nothing_is_wider_than_the_console(int width) =>
        Assert.That(Draw(State, width).Max(line => line.Length), Is.LessThanOrEqualTo(width));

    [Test]
    public void Tables_are_side_by_side_where_there_is_room()
    {
        Assert.That(Draw(State, 79), Has.Some.Match(@"^Loss +last +mean +course +Dice +S_syn +S_real +ensemble$"));
        Assert.That(Draw(State, 60), Has.Some.Match(@"^Loss +last +mean +Dice +S_syn +S_real +ensemble$"));
        Assert.That(Draw(State, 50), Has.Some.Match(@"^Loss +last +mean +course$").And.Some.Match(@"^Dice +S_syn"));
        Assert.That(Draw(State, 30), Has.Some.Match(@"^Loss +last +mean$"));
        Assert.That(Draw(State, 79).Count, Is.LessThan(24), "A usual window shows it all.");
    }

    [Test]
    public void The_best_of_each_structure_has_a_star()
    {
        var lines = Draw(State, 79);
        Assert.That(lines, Has.Some.Match(@"MYO +0\.710 +0\.810\* +0\.800$"));
        Assert.That(lines, Has.Some.Match(@"LV +0\.730\* +0\.730\* +0\.720$"), "Equals share it.");
        Assert.That(lines, Has.Some.Match(@"PA +- +- +-$"), "No volume has it.");
    }

    [Test]
    public void A_console_without_Unicode_gets_plain_characters() =>
        Assert.That(string.Concat(Draw(State, 79, isUnicode: false)), Does.Match(@"^[ -~]*$").And.Contain("####"));

    [Test]
    public void A_single_segmentor_needs_no_star_and_one_rate_no_other()
    {
        var lines = Draw(
            State with
            {
                Advance = State.Advance! with { HasAdversaries = false },
                Validation = new(400, ["MYO"], [new(NetworkRoles.SReal, [0.8])], 400, 0.8),
            },
            79);
        Assert.That(lines, Has.Some.Match(@"^Learning rate: 5\.88e-4$"));
        Assert.That(lines, Has.Some.Match(@"MYO +0\.800$").And.Some.Contains("the best so far, Dice 0.800"));
    }

    [Test]
    public void The_first_line_says_how_it_ended()
    {
        foreach (var (phase, expected) in (((TrainingPhase, string)[])
            [
                (TrainingPhase.Stopping, "stopping after this iteration"), (TrainingPhase.Finished, "finished"),
                (TrainingPhase.Stopped, "stopped"), (TrainingPhase.Failed, "failed"),
            ]))
        {
            var text = string.Join('\n', Draw(State with { Phase = phase }, 79));
            Assert.That(text.Split('\n')[0], Does.Contain(expected));
            Assert.That(text, phase == TrainingPhase.Stopping ? Does.Contain(" left") : Does.Not.Contain(" left"));
            Assert.That(Draw(State with { Phase = phase, Advance = null }, 79)[0], Does.Contain(expected));
        }
    }

    private static IReadOnlyList<string> Draw(TrainingState state, int width, bool isUnicode = true)
    {
        using var screen = new Screen(width, 100, isUnicode);
        screen.Console.Write(new TrainingView(state));
        return screen.Lines;
    }
}
