namespace MkdSeg.Experiments.Planning;

/// <summary>The runs that the tables need, without duplicates and ordered by seed, so that pairs are complete early.</summary>
internal sealed record ExperimentPlan(IReadOnlyList<RunSpecification> Runs, IReadOnlyList<PlannedTable> Tables)
{
    public static ExperimentPlan Create(VolumeManifest manifest, ExperimentOptions options)
    {
        var definitions = TableDefinition.Of(options.Setting, options.Tables);
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

    /// <summary>Returns every n-th run, for one of several machines; together the shards contain every run once.</summary>
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
                + (StrictJson.Nearest(method, known) is { } nearest ? $" (did you mean {nearest}?)" : "")
                + $"; its methods are {string.Join(", ", known)}.");
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
        foreach (var count in options.Setting == ExperimentSetting.Folds ? [null] : options.TargetVolumes.Cast<int?>())
        {
            var planner = new RowPlanner(definition, manifest, options, count);
            yield return new(definition, options.Setting, count, planner.Plan(rows)) { Schedule = planner.Schedule };
        }
    }

    // Presets assume CT as the target. Here either modality can be the target, and the manifest defines its intensities.
    private sealed class RowPlanner
    {
        private readonly TableDefinition _definition;
        private readonly VolumeManifest _manifest;
        private readonly ExperimentOptions _options;
        private readonly int? _count;
        private readonly CaseSelection _target;
        private readonly CaseSelection _assistant;
        private readonly TrainingOptions _training;

        public RowPlanner(TableDefinition definition, VolumeManifest manifest, ExperimentOptions options, int? count)
        {
            (_definition, _manifest, _options, _count) = (definition, manifest, options, count);
            _target = new(manifest, definition.TargetModality);
            _assistant = new(manifest, definition.AssistantModality);
            Schedule = options.Setting == ExperimentSetting.Long
                ? LongSchedule.Of(manifest, _assistant.Training, options.Training.Assistant)
                : null;
            _training = Schedule?.Apply(options.Training, options.Iterations)
                ?? options.Training with { Iterations = options.Iterations ?? options.Training.Iterations };
        }

        public LongSchedule? Schedule { get; }

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

        private RunSpecification Specify(TableRow row, RunPair pair)
        {
            var (train, test) = _count is { } volumes
                ? _target.Scarce(volumes, pair.Seed, pair.Fold)
                : _target.ByFold(pair.Fold!.Value);
            var assistant = row.AssistantVolumes is { } number
                ? _assistant.Subset(number, pair.Seed)
                : _assistant.Training;
            var training = _training with
            {
                Method = row.TrainedMethod,
                Seed = pair.Seed,
                Target = _training.Target with { Window = WindowOf(_definition.TargetModality) },
                Assistant = _training.Assistant with { Window = WindowOf(_definition.AssistantModality) },
            };
            training.Validate();
            return new()
            {
                Options = training,
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

        private IntensityWindow WindowOf(string modality) => _manifest.Modalities[modality].Window;
    }
}

/// <summary>A table to build; the number of target volumes is null with folds.</summary>
internal sealed record PlannedTable(
    TableDefinition Definition, ExperimentSetting Setting, int? TargetVolumes, IReadOnlyList<PlannedRow> Rows)
{
    /// <summary>In the long setting, the schedule that determines its iterations.</summary>
    public LongSchedule? Schedule { get; init; }

    /// <summary>Training length of its runs, such as "3804 iterations of batch 4, 40 passes over 380 slices of MR".</summary>
    public string Length => LengthOf(Rows[0].Runs[0].Run.Options.Iterations, Schedule, Definition.AssistantModality);

    public static string LengthOf(int iterations, LongSchedule? schedule, string assistant) => schedule is null
        ? $"{iterations} iterations"
        : FormattableString.Invariant(
            $"{iterations} iterations of batch {LongSchedule.BatchSize}, {schedule.PassesOf(iterations):0.#} passes over {schedule.Slices} slices of {assistant}");
}

internal sealed record PlannedRow(TableRow Row, IReadOnlyList<PlannedRun> Runs);

internal sealed record PlannedRun(RunPair Pair, RunSpecification Run);

/// <summary>Pairs runs of different methods for comparison: runs with equal pairs use the same volumes.</summary>
internal sealed record RunPair(ulong Seed, int? Fold);
