using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Planning;

/// <summary>The runs that tables need, each once, and where each belongs.</summary>
/// <param name="Runs">The runs in the order in which they are done: seed by seed, so that pairs are there early.</param>
/// <param name="Tables">The tables.</param>
public sealed record ExperimentPlan(IReadOnlyList<RunSpecification> Runs, IReadOnlyList<PlannedTable> Tables)
{
    /// <summary>Makes the plan.</summary>
    /// <exception cref="UserErrorException">
    /// An option asks for what the data set, the paper's tables or the program do not have.
    /// </exception>
    public static ExperimentPlan Create(VolumeManifest manifest, ExperimentOptions options)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(options);
        var definitions = options.Tables.Distinct().Order().Select(TableDefinition.Find).ToList();
        CheckMethods(definitions, options.Methods);
        var plannedTables = definitions.SelectMany(definition => PlanTables(definition, manifest, options)).ToList();
        var runs = plannedTables
            .SelectMany(table => table.Rows.SelectMany(row => row.Runs))
            .DistinctBy(run => run.Run.Identity)
            .OrderBy(run => Index(options.Seeds, run.Pair.Seed))
            .ThenBy(run => run.Pair.Fold)
            .Select(run => run.Run);
        return new([.. runs], plannedTables);
    }

    /// <summary>Every n-th run, for one of several machines; all shards together are all runs, each once.</summary>
    /// <param name="index">Which shard, from 1.</param>
    /// <param name="count">Number of shards.</param>
    /// <exception cref="UserErrorException">There is no such shard.</exception>
    public IReadOnlyList<RunSpecification> Shard(int index, int count) => index >= 1 && index <= count
        ? [.. Runs.Where((_, i) => i % count == index - 1)]
        : throw new UserErrorException(
            $"There is no shard {index} of {count}; the first is 1/{count}, the last {count}/{count}.");

    private static int Index(IReadOnlyList<ulong> seeds, ulong seed) => seeds.TakeWhile(other => other != seed).Count();

    private static void CheckMethods(IReadOnlyList<TableDefinition> definitions, IReadOnlyList<string> methods)
    {
        string[] known = [.. definitions.SelectMany(table => table.Rows).Select(row => row.Method).Distinct()];
        foreach (var method in methods.Except(known))
        {
            throw new UserErrorException(
                $"Table {string.Join(", ", definitions.Select(table => table.Number))} has no method '{method}'"
                + (StrictJson.Nearest(method, known) is { } nearest ? $", did you mean {nearest}" : "")
                + $"; there are {string.Join(", ", known)}.");
        }
    }

    private static IEnumerable<PlannedTable> PlanTables(
        TableDefinition definition, VolumeManifest manifest, ExperimentOptions options)
    {
        var rows = definition.Rows
            .Where(row => options.Methods.Count == 0 || options.Methods.Contains(row.Method))
            .ToList();
        if (rows.Count == 0)
            yield break;
        foreach (var count in options.Setting == ExperimentSetting.Scarce ? options.TargetVolumes.Cast<int?>() : [null])
        {
            var planner = new RowPlanner(definition, manifest, options, count);
            yield return new(definition, options.Setting, count, planner.Plan(rows));
        }
    }

    private sealed class RowPlanner
    {
        private readonly TableDefinition _definition;
        private readonly VolumeManifest _manifest;
        private readonly ExperimentOptions _options;
        private readonly TrainingOptions _training;
        private readonly int? _count;
        private readonly CaseSelection _target;
        private readonly CaseSelection _assistant;

        public RowPlanner(TableDefinition definition, VolumeManifest manifest, ExperimentOptions options, int? count)
        {
            (_definition, _manifest, _options, _count) = (definition, manifest, options, count);
            _target = new(manifest, definition.TargetModality);
            _assistant = new(manifest, definition.AssistantModality);
            var training = options.Training;
            _training = training with
            {
                // Presets have CT as the target; here either modality can be, and the manifest knows its intensities.
                Target = training.Target with { Window = WindowOf(definition.TargetModality) },
                Assistant = training.Assistant with { Window = WindowOf(definition.AssistantModality) },
            };
        }

        public IReadOnlyList<PlannedRow> Plan(IReadOnlyList<TableRow> rows)
        {
            var usesFolds = _options.Setting == ExperimentSetting.Folds || !_target.HasTestSplit;
            var pairs = _options.Seeds.Distinct().SelectMany(seed =>
                (usesFolds ? _options.Folds.Distinct().Cast<int?>() : [null]).Select(fold => new RunPair(seed, fold)));
            return
            [
                .. rows.Select(row =>
                    new PlannedRow(row, [.. pairs.Select(pair => new PlannedRun(pair, Specify(row, pair)))])),
            ];
        }

        private IntensityWindow WindowOf(string modality) => _manifest.Modalities[modality].Window;

        private RunSpecification Specify(TableRow row, RunPair pair)
        {
            var (train, test) = _count is { } count
                ? _target.Scarce(count, pair.Seed, pair.Fold)
                : _target.ByFold(pair.Fold!.Value);
            var assistant = row.AssistantVolumes is { } volumes
                ? _assistant.Subset(volumes, pair.Seed)
                : _assistant.Training;
            var options = _training with { Method = row.TrainedMethod, Seed = pair.Seed };
            options.Validate();
            return new()
            {
                Options = options,
                TargetModality = _definition.TargetModality,
                AssistantModality = _definition.AssistantModality,
                Crop = _options.Crop,
                Setting = _options.Setting,
                Fold = pair.Fold,
                Dataset = _manifest.Name,
                TargetCases = [.. train.Select(RunCase.Of)],
                AssistantCases = [.. assistant.Select(RunCase.Of)],
                TestCases = [.. test.Select(RunCase.Of)],
            };
        }
    }
}

/// <summary>A table to be made.</summary>
/// <param name="Definition">The paper's table.</param>
/// <param name="Setting">How target volumes are divided.</param>
/// <param name="TargetVolumes">Annotated target volumes in the scarce setting.</param>
/// <param name="Rows">Its rows.</param>
public sealed record PlannedTable(
    TableDefinition Definition, ExperimentSetting Setting, int? TargetVolumes, IReadOnlyList<PlannedRow> Rows);

/// <summary>A row with its runs.</summary>
/// <param name="Row">The row.</param>
/// <param name="Runs">One run for each seed and fold.</param>
public sealed record PlannedRow(TableRow Row, IReadOnlyList<PlannedRun> Runs);

/// <summary>A run of a row.</summary>
/// <param name="Pair">Runs of several rows with an equal pair had the same volumes.</param>
/// <param name="Run">What is done.</param>
public sealed record PlannedRun(RunPair Pair, RunSpecification Run);

/// <summary>What runs of several methods are compared by.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Fold">The fold that is tested on, where there are folds.</param>
public sealed record RunPair(ulong Seed, int? Fold);
