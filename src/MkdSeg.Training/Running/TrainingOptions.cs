using System.Text.Json;
using System.Text.Json.Serialization;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Running;

/// <summary>
/// Everything that determines a training run except its data. The defaults are the paper's; <see cref="TrainingPresets"/>
/// contains the named variations.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>The method to train: a name from <see cref="TrainingMethods.All"/>.</summary>
    public string Method { get; init; } = "mkd";

    /// <summary>Determines initial weights, the order of slices, augmentation and image pools.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The device to train on.</summary>
    public DeviceKind Device { get; init; } = DeviceKind.Auto;

    /// <summary>Precision of the networks; the locator, which is small, always computes in 32-bit floats.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Threads of the tensor engine; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Updates of every network; in a method with several stages, per stage.</summary>
    public int Iterations { get; init; } = 100_000;

    /// <summary>
    /// Iterations per epoch for <see cref="LearningRateDecay.StepEveryTwoEpochs"/>; 0 for one pass over the target's slices. It
    /// gives the same decay to methods that are compared but see data sets of different sizes.
    /// </summary>
    public int EpochIterations { get; init; }

    /// <summary>Slices of each modality per iteration.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>The segmentors' learning rate.</summary>
    public LearningRateSchedule SegmentorRate { get; init; } = new(2e-4, LearningRateDecay.StepEveryTwoEpochs);

    /// <summary>The generators' and discriminators' learning rate.</summary>
    public LearningRateSchedule AdversarialRate { get; init; } = new(2e-4, LearningRateDecay.LinearInSecondHalf);

    /// <summary>
    /// The discriminators' learning rate as a share of the generators' (two time scales, Heusel et al. 2017). The paper
    /// uses 1; short training runs need less, or D wins before G has made progress.
    /// </summary>
    public double DiscriminatorRateRatio { get; init; } = 1;

    /// <summary>Size of S_syn, S_real and S. The data determine the number of classes.</summary>
    public ResidualUNetOptions Segmentor { get; init; } = new();

    /// <summary>Size of G_a→t and G_t→a.</summary>
    public ResNetGeneratorOptions Generator { get; init; } = new();

    /// <summary>Size of D_t and D_a.</summary>
    public PatchDiscriminatorOptions Discriminator { get; init; } = new();

    /// <summary>The constants of MKD.</summary>
    public MutualKnowledgeDistillationOptions Mkd { get; init; } = new();

    /// <summary>Preprocessing of target volumes, in training and inference.</summary>
    public PreprocessingOptions Target { get; init; } = new() { InPlaneSpacingMm = 1, PatchSize = 256 };

    /// <summary>Preprocessing of assistant volumes.</summary>
    public PreprocessingOptions Assistant { get; init; } =
        new() { InPlaneSpacingMm = 1, PatchSize = 256, Window = IntensityWindow.Mr };

    /// <summary>Side of the slices kept for training, as a multiple of the patch.</summary>
    public double FieldFactor { get; init; } = 1.5;

    /// <summary>
    /// Whether target phantoms with a tissue map get a new random appearance for every slice, instead of varying the slices of
    /// their images.
    /// </summary>
    public bool SyntheticAppearance { get; init; }

    /// <summary>Augmentation of the slices.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.FlipsAndRotations;

    /// <summary>The network that finds the heart in whole volumes, trained before the method; null for none.</summary>
    public LocatorOptions? Locator { get; init; }

    /// <summary>Validation on target volumes during training, and which model is exported.</summary>
    public ValidationOptions Validation { get; init; } = new();

    /// <summary>
    /// Decay of an exponential moving average of the segmentors' weights, which is then validated and exported; 0 for none.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>Iterations between two entries in TensorBoard's event files; 0 for no event files.</summary>
    public int EventIterations { get; init; }

    /// <summary>Iterations between two checkpoints, from which stopped training resumes.</summary>
    public int CheckpointIterations { get; init; } = 200;

    /// <summary>Number of latest checkpoints to keep.</summary>
    public int KeptCheckpoints { get; init; } = 2;

    /// <summary>Minutes between two exports of the unfinished model.</summary>
    public double SnapshotMinutes { get; init; } = 10;

    /// <summary>
    /// Returns the options for photographs with <paramref name="channels"/> values per pixel: mirrored left to right, which is
    /// plausible for a scene, and never upside down.
    /// </summary>
    public TrainingOptions ForPhotographs(int channels) => this with
    {
        Augmentation = Augmentation with { FlipLeftRight = true, FlipFrontBack = false },
        Locator = null,
        Segmentor = Segmentor with { InputChannels = channels },
        Generator = Generator with { Channels = channels },
        Discriminator = Discriminator with { Channels = channels },
    };

    // Options that have since been removed or renamed keep their defaults.
    private static readonly JsonSerializerOptions AnyVersion =
        new(StrictJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>
    /// Returns options to continue training a bundle on a few cases: the options it was trained with, a lower learning rate that
    /// decays to 0, and no locator, which is copied.
    /// </summary>
    /// <exception cref="UserErrorException">The bundle does not record how it was trained.</exception>
    public static TrainingOptions ContinuedFrom(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var options = bundle.Training?.Deserialize<TrainingOptions>(AnyVersion) ?? throw new UserErrorException(
            $"The bundle {bundle.Name} does not record how it was trained; name a preset, or a file of options that names one.");
        return options with
        {
            Iterations = 400,
            SegmentorRate = new(options.SegmentorRate.Initial * 0.3, LearningRateDecay.Linear),
            Device = DeviceKind.Auto,
            AverageDecay = 0,
            Locator = null,
        };
    }

    /// <summary>
    /// Returns the options with networks that see <paramref name="count"/> slices at once, <paramref name="spacingMm"/> mm apart.
    /// </summary>
    public TrainingOptions SeeingSlices(int count, double spacingMm) => this with
    {
        Segmentor = Segmentor with { InputChannels = count },
        Generator = Generator with { Channels = count },
        Discriminator = Discriminator with { Channels = count },
        Target = Target with { ContextSlices = count, ContextSpacingMm = spacingMm },
        Assistant = Assistant with { ContextSlices = count, ContextSpacingMm = spacingMm },
    };

    internal bool TakesPhotographs => Segmentor.InputChannels > Target.ContextSlices;

    /// <summary>Pixels along each side of the slices kept for training.</summary>
    internal int FieldSide => (int)Math.Ceiling(Target.PatchSize * Math.Max(1, FieldFactor));

    /// <summary>Checks that the values are consistent.</summary>
    /// <exception cref="UserErrorException">They are not.</exception>
    public void Validate()
    {
        var method = TrainingMethods.Find(Method);
        Target.Validate("target");
        Assistant.Validate("assistant");
        Locator?.Validate();
        Validation.Validate();
        if (!(AverageDecay >= 0 && AverageDecay < 1) || EventIterations < 0)
        {
            throw new UserErrorException(
                $"A moving average of decay {AverageDecay} and event files every {EventIterations} iterations were requested; "
                + "the decay must be 0 for none, or below 1, and the iterations at least 0.");
        }

        if (EpochIterations < 0)
        {
            throw new UserErrorException(
                $"An epoch of {EpochIterations} iterations was requested; it must have at least 1, or 0 for a pass over the "
                + "target's slices.");
        }

        if (Iterations < 1 || BatchSize < 1 || Threads < 0)
        {
            throw new UserErrorException(
                $"{Iterations} iterations of {BatchSize} slices on {Threads} threads were requested; iterations and batch "
                + "size must be at least 1, threads at least 0.");
        }

        if (CheckpointIterations < 1 || KeptCheckpoints < 1)
        {
            throw new UserErrorException(
                $"A checkpoint every {CheckpointIterations} iterations, of which to keep {KeptCheckpoints}, was requested; both "
                + "must be at least 1.");
        }

        if (!(DiscriminatorRateRatio > 0))
        {
            throw new UserErrorException(
                $"The ratio of the discriminators' learning rate to the generators' is {DiscriminatorRateRatio}; it must be "
                + "greater than 0 (the paper uses 1).");
        }

        if (!(Mkd.Temperature > 0))
        {
            throw new UserErrorException(
                $"The temperature of the distillation is {Mkd.Temperature}; it must be greater than 0 (the paper uses 1).");
        }

        if (Target.PatchSize != Assistant.PatchSize)
        {
            throw new UserErrorException(
                $"The target's patch has {Target.PatchSize} pixels and the assistant's {Assistant.PatchSize}; they must be "
                + "equal.");
        }

        var slices = Target.ContextSlices;
        if (slices != Assistant.ContextSlices
            || (slices > 1 && (Segmentor.InputChannels, Generator.Channels, Discriminator.Channels) != (slices, slices, slices)))
        {
            throw new UserErrorException(
                $"The target's networks see {slices} slices at once, the assistant's {Assistant.ContextSlices}, and segmentor, "
                + $"generator and discriminator have {Segmentor.InputChannels}, {Generator.Channels} and "
                + $"{Discriminator.Channels} channels; all of these must be equal.");
        }

        try
        {
            ResidualUNet.Describe(Segmentor).CheckSize(Target.PatchSize, Target.PatchSize);
            if (method.Translates)
            {
                ResNetGenerator.Describe(Generator).CheckSize(Target.PatchSize, Target.PatchSize);
                PatchDiscriminator.Describe(Discriminator).CheckSize(Target.PatchSize, Target.PatchSize);
            }
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException(error.Message, error);
        }
    }
}

/// <summary>Whether and when training is validated on target volumes it does not learn from. The paper's is not.</summary>
public sealed record ValidationOptions
{
    /// <summary>
    /// Iterations between two validations; the last iteration is validated too. 0 for none; then the last model is exported.
    /// </summary>
    public int Iterations { get; init; }

    /// <summary>
    /// Number of target training cases to set aside, the last ones in the manifest. Cases of the split "validation" take
    /// precedence; 0 if there are any.
    /// </summary>
    public int Cases { get; init; }

    /// <summary>
    /// Whether the best model in validation is exported. If false, the last one is exported whatever the scores, which only
    /// serve as curves; the scored volumes may then include volumes on which the model is tested later.
    /// </summary>
    public bool SelectBest { get; init; } = true;

    /// <summary>Checks that the values are consistent.</summary>
    /// <exception cref="UserErrorException">They are not.</exception>
    public void Validate()
    {
        if (Iterations < 0 || Cases < 0)
        {
            throw new UserErrorException(
                $"Validation every {Iterations} iterations on {Cases} cases was requested; neither can be negative.");
        }
    }
}

/// <summary>The kind of device to train on.</summary>
public enum DeviceKind
{
    /// <summary>An NVIDIA GPU if there is one that the engine can use, otherwise the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>The floating-point formats of training. Weights, moments and losses are always 32-bit floats.</summary>
public enum Precision
{
    /// <summary>32-bit floats throughout.</summary>
    Fp32,

    /// <summary>
    /// Convolutions and the layers between them in bfloat16, which has the range of 32-bit floats, so that losses need no
    /// scaling.
    /// </summary>
    Mixed,
}
