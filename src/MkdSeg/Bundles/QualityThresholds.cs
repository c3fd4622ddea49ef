using MkdSeg.Datasets;

namespace MkdSeg.Bundles;

/// <summary>
/// The limits beyond which a result of a bundle's segmentors is doubtful: the section "quality" of model.json. A mask outside
/// any of these limits may be correct but must be reviewed.
/// </summary>
public sealed record QualityThresholds
{
    /// <summary>The version of the section that this program writes, and the newest that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the section.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>
    /// The minimum agreement between the segmentors, 0 to 1: Dice between their masks, averaged over the structures. On the
    /// real CTs tested, every good result had .76 or more and every bad result .70 or less.
    /// </summary>
    public double MinAgreement { get; init; } = 0.73;

    /// <summary>The maximum fraction of the labelled voxels that may be removed with small components, 0 to 1.</summary>
    public double MaxRemovedFraction { get; init; } = 0.1;

    /// <summary>
    /// Whether the segmentors were trained only on contrast-enhanced volumes and find nothing usable without contrast.
    /// </summary>
    public bool NeedsContrast { get; init; }

    /// <summary>
    /// If contrast is needed: the minimum median intensity of the left heart's blood, HU. Blood has 25–55 HU without contrast
    /// and 120–200 HU in the venous phase, the latest phase that still looks enhanced.
    /// </summary>
    public double MinBloodHu { get; init; } = 90;

    /// <summary>The volumes of adults by structure name, mL; unlisted structures may have any volume.</summary>
    public IReadOnlyDictionary<string, VolumeRange> Volumes { get; init; } =
        new Dictionary<string, VolumeRange>(StringComparer.Ordinal);

    /// <summary>
    /// Limits for the seven structures of <see cref="LabelSet.WholeHeart"/> in contrast-enhanced CT, for bundles that
    /// specify none.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The ranges contain 99 % of adults, women and men, in any phase of the cardiac cycle. Lower limits are for women and
    /// upper limits for men, assuming a log-normal distribution with mean m and standard deviation s: exp(μ ± 2.576 σ) with
    /// σ² = ln(1 + s²/m²), μ = ln m − σ²/2.
    /// </para>
    /// <list type="bullet">
    /// <item>LV: the end-systolic 34 ± 12 mL of women gives 13; 97 mL/m² (CT, 97.5 %, Fuchs 2016) at 2.2 m² gives 213.</item>
    /// <item>MYO: women 108 ± 20 g at 1.05 g/mL give 63, lowered to the 53 of a small template heart; men 145 ± 29 g give
    /// 225.</item>
    /// <item>LA: the largest volume is 89 ± 21 mL in women (Hudsmith 2005), which gives 48, about half of that when the atrium
    /// has emptied; men 103 ± 30 mL give 206.</item>
    /// <item>RV: women 148 ± 35 mL at end diastole give 79, times .35 at end systole, as for the left ventricle; men
    /// 190 ± 33 mL give 292.</item>
    /// <item>RA: 85 mL/m² (CT, 97.5 %) at 2.2 m² gives 187; the lower limit is half of a small template heart's 55.</item>
    /// <item>AA and PA: diameters of 25–45 mm and 20–40 mm over 5–10 cm, because data sets end these labels at
    /// different places.</item>
    /// </list>
    /// <para>
    /// "A small template heart" is a public whole-heart template (MYO 89, RA 92 mL) minus 2.576 times a spread of 20 %.
    /// LV and myocardium: PMC7758747, table 3.
    /// </para>
    /// </remarks>
    public static QualityThresholds WholeHeartCt { get; } = new()
    {
        NeedsContrast = true,
        Volumes = new SortedDictionary<string, VolumeRange>(StringComparer.Ordinal)
        {
            ["MYO"] = new(53, 225),
            ["LA"] = new(24, 206),
            ["LV"] = new(13, 213),
            ["RA"] = new(27, 187),
            ["RV"] = new(27, 292),
            ["AA"] = new(25, 160),
            ["PA"] = new(15, 125),
        },
    };

    /// <summary>
    /// Limits for a bundle trained on every contrast phase and on diseased hearts: no contrast agent is needed, and upper limits
    /// are 1.5 times those of <see cref="WholeHeartCt"/>, or the largest of 76 hearts of the variation clinical if that is more.
    /// </summary>
    internal static QualityThresholds AnyHeartCt { get; } = WholeHeartCt with
    {
        NeedsContrast = false,
        Volumes = new SortedDictionary<string, VolumeRange>(StringComparer.Ordinal)
        {
            ["MYO"] = new(53, 340),
            ["LA"] = new(24, 310),
            ["LV"] = new(13, 320),
            ["RA"] = new(27, 290),
            ["RV"] = new(27, 440),
            ["AA"] = new(25, 240),
            ["PA"] = new(15, 280),
        },
    };

    /// <summary>Returns the limits of a bundle without its own section.</summary>
    internal static QualityThresholds DefaultFor(ModelBundle bundle) =>
        bundle.Modality == "CT" && WholeHeartCt.Volumes.Keys.All(name => bundle.Labels.Any(label => label.Name == name))
            ? WholeHeartCt
            : new();

    /// <exception cref="UserErrorException">A limit is invalid.</exception>
    internal void Validate(string source, IReadOnlyList<Structure> labels)
    {
        if (Version is < 1 or > CurrentVersion)
        {
            throw new UserErrorException(
                $"{source}: the section quality has version {Version}, but this program reads up to {CurrentVersion}; "
                + "update the program.");
        }

        Require(MinAgreement is >= 0 and <= 1, "minAgreement", MinAgreement, "between 0 and 1");
        Require(MaxRemovedFraction is >= 0 and <= 1, "maxRemovedFraction", MaxRemovedFraction, "between 0 and 1");
        Require(double.IsFinite(MinBloodHu), "minBloodHu", MinBloodHu, "a number");
        foreach (var (name, range) in Volumes)
        {
            if (labels.All(label => label.Name != name))
            {
                throw new UserErrorException(
                    $"{source}: quality.volumes names the structure '{name}'; the bundle has "
                    + $"{string.Join(", ", labels.Select(label => label.Name))}.");
            }

            Require(range.MinMl >= 0, $"volumes.{name}.minMl", range.MinMl, "at least 0");
            Require(range.MaxMl > range.MinMl, $"volumes.{name}.maxMl", range.MaxMl, $"above {range.MinMl}");
        }

        void Require(bool fits, string key, double found, string expected)
        {
            if (!fits)
                throw new UserErrorException($"{source}: quality.{key} is {found}; it must be {expected}.");
        }
    }
}

/// <summary>The range of volumes, in mL, in which a structure is unremarkable.</summary>
/// <param name="MinMl">The smallest volume.</param>
/// <param name="MaxMl">The largest volume.</param>
public sealed record VolumeRange(double MinMl, double MaxMl)
{
    /// <summary>Whether a volume is within the range.</summary>
    public bool Contains(double volumeMl) => volumeMl >= MinMl && volumeMl <= MaxMl;
}
