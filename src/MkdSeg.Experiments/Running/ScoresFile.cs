using System.Globalization;
using System.Text;
using MkdSeg.Files;

namespace MkdSeg.Experiments.Running;

/// <summary>scores.csv: one row per segmentor, case and structure.</summary>
internal static class ScoresFile
{
    public static void Write(string path, RunResult result)
    {
        var text = new StringBuilder("segmentor,case,structure,dice\n");
        foreach (var member in result.Members)
        {
            foreach (var scores in member.Cases)
            {
                for (var i = 0; i < result.Structures.Count; i++)
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"{member.Name},{scores.CaseId},{result.Structures[i]},{scores.Dice[i]:0.######}\n");
                }
            }
        }

        AtomicFile.WriteText(path, text.ToString());
    }
}
