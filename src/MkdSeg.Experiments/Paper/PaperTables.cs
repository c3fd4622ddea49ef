namespace MkdSeg.Experiments.Paper;

/// <summary>Dice reported by Li, Yu, Wang and Heng (AAAI 2020), Tables 1 to 4: MM-WHS 2017, two-fold.</summary>
internal static class PaperTables
{
    /// <summary>The structures of Tables 1 and 4, in the order of their columns.</summary>
    public static IReadOnlyList<string> Structures { get; } = ["MYO", "LA", "LV", "RA", "RV", "AA", "PA"];

    private static readonly Dictionary<(int Table, string Row), PaperRow> Rows = new()
    {
        [(1, "Baseline")] = new(.8706, .8702, .8922, .9086, .8386, .8460, .9252, .8134),
        [(1, "Fine-tune")] = new(.8769, .8716, .9040, .9079, .8443, .8526, .9274, .8305),
        [(1, "Joint-training")] = new(.8743, .8665, .9076, .9123, .8278, .8492, .9302, .8266),
        [(1, "X-shape (Valindria 2018)")] = new(.8767, .8719, .8979, .9094, .8551, .8444, .9343, .8240),
        [(1, "Jiang 2018")] = new(.8765, .8723, .9054, .9073, .8338, .8525, .9484, .8156),
        [(1, "Zhang 2018")] = new(.8850, .8781, .9112, .9134, .8514, .8631, .9430, .8342),
        [(1, "Zhang 2018, ensemble of two")] = new(.8892),
        [(1, "MKD, S_syn")] = new(.8849, .8738, .9086, .9169, .8571, .8633, .9412, .8333),
        [(1, "MKD, S_real")] = new(.8947, .8893, .9131, .9197, .8668, .8758, .9552, .8432),
        [(1, "MKD, ensemble")] = new(.9012, .8934, .9190, .9267, .8747, .8814, .9595, .8538),

        [(2, "without IAM, S_syn")] = new(.8730),
        [(2, "without IAM, S_real")] = new(.8745),
        [(2, "without IAM, ensemble")] = new(.8829),
        [(2, "without L_kd^{s→r}, S_syn")] = new(.8825),
        [(2, "without L_kd^{s→r}, S_real")] = new(.8742),
        [(2, "without L_kd^{s→r}, ensemble")] = new(.8879),
        [(2, "without L_kd^{r→s}, S_syn")] = new(.5785),
        [(2, "without L_kd^{r→s}, S_real")] = new(.8904),
        [(2, "without L_kd^{r→s}, ensemble")] = new(.7937),
        [(2, "full, S_syn")] = new(.8849),
        [(2, "full, S_real")] = new(.8947),
        [(2, "full, ensemble")] = new(.9012),

        [(3, "5 MR")] = new(.8916),
        [(3, "10 MR")] = new(.8945),
        [(3, "20 MR")] = new(.9012),

        [(4, "Baseline")] = new(.8243, .8259, .8153, .9347, .8146, .9140, .7365, .7288),
        [(4, "Fine-tune")] = new(.8217, .8336, .8447, .9371, .7893, .8940, .7015, .7516),
        [(4, "Joint-training")] = new(.8306, .8375, .7893, .9303, .8507, .9119, .7487, .7455),
        [(4, "X-shape (Valindria 2018)")] = new(.8337, .8321, .8247, .9347, .8450, .9181, .7278, .7536),
        [(4, "Jiang 2018")] = new(.8370, .8309, .8569, .9356, .8582, .9016, .7334, .7422),
        [(4, "Zhang 2018")] = new(.8375, .8360, .8169, .9317, .8501, .9183, .7435, .7663),
        [(4, "MKD, S_syn")] = new(.8382, .8405, .8308, .9337, .8655, .9136, .7351, .7483),
        [(4, "MKD, S_real")] = new(.8466, .8507, .8582, .9427, .8623, .9091, .7398, .7633),
        [(4, "MKD, ensemble")] = new(.8517, .8525, .8695, .9437, .8655, .9121, .7544, .7640),
    };

    public static PaperRow? Find(int table, string row) => Rows.GetValueOrDefault((table, row));
}

/// <summary>A row of the paper: Dice as printed; no structures where the paper reports only the mean.</summary>
internal sealed record PaperRow(double Mean, params IReadOnlyList<double> Structures);
