using System.Text.Json;
using System.Text.Json.Serialization;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Running;

/// <summary>
/// Everything that determines a training but its data. The defaults are the paper's; <see cref="TrainingPresets"/> holds
/// the named variations.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>What is trained: a name out of <see cref="TrainingMethods.All"/>.</summary>
    public string Method { get; init; } = "mkd";

    /// <summary>Determines initial weights, the order of slices, augmentation and image pools.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where it runs.</summary>
    public DeviceKind Device { get; init; } = DeviceKind.Auto;

    /// <summary>How networks compute; the locator, which is small, does so in 32-bit floats.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Threads of the tensor engine; 0 for as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>Updates of every network; a method that goes in stages has as many in each.</summary>
    public int Iterations { get; init; } = 100_000;

    /// <summary>
    /// Iterations of an epoch, as <see cref="LearningRateDecay.StepEveryTwoEpochs"/> counts them; 0: a pass over the target's
    /// slices. Where methods are compared that see sets of different sizes, it lets all of them decay alike.
    /// </summary>
    public int EpochIterations { get; init; }

    /// <summary>Slices of each modality in an iteration.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>The segmentors' learning rate.</summary>
    public LearningRateSchedule SegmentorRate { get; init; } = new(2e-4, LearningRateDecay.StepEveryTwoEpochs);

    /// <summary>The generators' and discriminators' learning rate.</summary>
    public LearningRateSchedule AdversarialRate { get; init; } = new(2e-4, LearningRateDecay.LinearInSecondHalf);

    /// <summary>
    /// The discriminators' learning rate as a share of the generators' (two time scales, Heusel et al. 2017). The paper
    /// has 1; short trainings need less, or D wins before G has moved.
    /// </summary>
    public double DiscriminatorRateRatio { get; init; } = 1;

    /// <summary>Size of S_syn, S_real and S. The number of classes follows from the data.</summary>
    public ResidualUNetOptions Segmentor { get; init; } = new();

    /// <summary>Size of G_a→t and G_t→a.</summary>
    public ResNetGeneratorOptions Generator { get; init; } = new();

    /// <summary>Size of D_t and D_a.</summary>
    public PatchDiscriminatorOptions Discriminator { get; init; } = new();

    /// <summary>The constants of MKD.</summary>
    public MutualKnowledgeDistillationOptions Mkd { get; init; } = new();

    /// <summary>How target volumes are prepared, in training and use.</summary>
    public PreprocessingOptions Target { get; init; } = new() { InPlaneSpacingMm = 1, PatchSize = 256 };

    /// <summary>How assistant volumes are prepared.</summary>
    public PreprocessingOptions Assistant { get; init; } =
        new() { InPlaneSpacingMm = 1, PatchSize = 256, Window = IntensityWindow.Mr };

    /// <summary>Side of the slices kept for training, as a multiple of the patch.</summary>
    public double FieldFactor { get; init; } = 1.5;

    /// <summary>
    /// Whether the appearance of target phantoms that come with a tissue map is drawn anew for every slice, instead of varying
    /// the slices of their images.
    /// </summary>
    public bool SyntheticAppearance { get; init; }

    /// <summary>How slices are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.FlipsAndRotations;

    /// <summary>The network that finds the heart in whole volumes, trained before the method; null for none.</summary>
    public LocatorOptions? Locator { get; init; }

    /// <summary>Target volumes that are looked at while training, and which model is exported.</summary>
    public ValidationOptions Validation { get; init; } = new();

    /// <summary>
    /// Decay of an exponential moving average of the segmentors' weights, which is then validated and exported; 0 for none.
    /// </summary>
    public double AverageDecay { get; init; }

    /// <summary>Iterations between two entries in TensorBoard's event files; 0 for no such files.</summary>
    public int EventIterations { get; init; }

    /// <summary>Iterations between two checkpoints, from which a stopped training goes on.</summary>
    public int CheckpointIterations { get; init; } = 200;

    /// <summary>Checkpoints that are kept, the youngest ones.</summary>
    public int KeptCheckpoints { get; init; } = 2;

    /// <summary>Minutes between two exports of the unfinished model.</summary>
    public double SnapshotMinutes { get; init; } = 10;

    /// <summary>
    /// The same for photographs of so many values per pixel: mirrored left to right, which a scene allows, and never
    /// turned upside down.
    /// </summary>
    public TrainingOptions ForPhotographs(int channels) => this with
    {
        Augmentation = Augmentation with { FlipLeftRight = true, FlipFrontBack = false },
        Locator = null,
        Segmentor = Segmentor with { InputChannels = channels },
        Generator = Generator with { Channels = channels },
        Discriminator = Discriminator with { Channels = channels },
    };

    // Options that are gone or have another name since are left to their defaults.
    private static readonly JsonSerializerOptions AnyVersion =
        new(StrictJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>
    /// What goes on from a bundle with a few cases: the options it was trained with, a lower learning rate that falls to 0, and no
    /// locator, which is copied.
    /// </summary>
    /// <exception cref="UserErrorException">The bundle does not say how it was trained.</exception>
    public static TrainingOptions ContinuedFrom(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var options = bundle.Training?.Deserialize<TrainingOptions>(AnyVersion) ?? throw new UserErrorException(
            $"The bundle {bundle.Name} does not say how it was trained; name a preset, or a file of options that does.");
        return options with
        {
            Iterations = 400,
            SegmentorRate = new(options.SegmentorRate.Initial * 0.3, LearningRateDecay.Linear),
            Device = DeviceKind.Auto,
            AverageDecay = 0,
            Locator = null,
        };
    }

    /// <summary>The same with networks that see so many slices at once, so many millimetres apart.</summary>
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

    /// <summary>Checks that the values fit together.</summary>
    /// <exception cref="UserErrorException">They do not.</exception>
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
                $"A moving average of decay {AverageDecay} and event files every {EventIterations} iterations were asked for; "
                + "the decay is 0 for none or below 1, the iterations at least 0.");
        }

        if (EpochIterations < 0)
        {
            throw new UserErrorException(
                $"An epoch of {EpochIterations} iterations was asked for; it is at least 1, or 0 for a pass over the target's "
                + "slices.");
        }

        if (Iterations < 1 || BatchSize < 1 || Threads < 0)
        {
            throw new UserErrorException(
                $"{Iterations} iterations of {BatchSize} slices on {Threads} threads were asked for; iterations and batch "
                + "size must be at least 1, threads at least 0.");
        }

        if (CheckpointIterations < 1 || KeptCheckpoints < 1)
        {
            throw new UserErrorException(
                $"A checkpoint every {CheckpointIterations} iterations of which {KeptCheckpoints} are kept was asked for; "
                + "both must be at least 1.");
        }

        if (!(DiscriminatorRateRatio > 0))
        {
            throw new UserErrorException(
                $"The ratio of the discriminators' learning rate to the generators' is {DiscriminatorRateRatio}; it must be "
                + "greater than 0, and is 1 in the paper.");
        }

        if (!(Mkd.Temperature > 0))
        {
            throw new UserErrorException(
                $"The temperature of the distillation is {Mkd.Temperature}; it must be greater than 0, and is 1 in the paper.");
        }

        if (Target.PatchSize != Assistant.PatchSize)
        {
            throw new UserErrorException(
                $"The target's patch has {Target.PatchSize} pixels and the assistant's {Assistant.PatchSize}; the networks "
                + "need both alike.");
        }

        var slices = Target.ContextSlices;
        if (slices != Assistant.ContextSlices
            || (slices > 1 && (Segmentor.InputChannels, Generator.Channels, Discriminator.Channels) != (slices, slices, slices)))
        {
            throw new UserErrorException(
                $"The target's networks see {slices} slices at once and the assistant's {Assistant.ContextSlices}, segmentor, "
                + $"generator and discriminator take {Segmentor.InputChannels}, {Generator.Channels} and {Discriminator.Channels} "
                + "channels; all of them must be equal.");
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

/// <summary>Whether and when a training looks at target volumes that it does not learn from. The paper does not.</summary>
public sealed record ValidationOptions
{
    /// <summary>
    /// Iterations between two looks; there is one after the last iteration too. 0: none, and the last model is exported.
    /// </summary>
    public int Iterations { get; init; }

    /// <summary>
    /// Target cases of the training set that are set aside, the last ones of the manifest. Cases of the split "validation"
    /// are taken first; 0 where there are some.
    /// </summary>
    public int Cases { get; init; }

    /// <summary>
    /// Whether the best model in validation is exported. False: the last one, whatever the scores, which are curves to look
    /// at; volumes that the model is tested on later may then be among those scored.
    /// </summary>
    public bool SelectBest { get; init; } = true;

    /// <summary>Checks that the values fit together.</summary>
    /// <exception cref="UserErrorException">They do not.</exception>
    public void Validate()
    {
        if (Iterations < 0 || Cases < 0)
        {
            throw new UserErrorException(
                $"Validation every {Iterations} iterations on {Cases} cases was asked for; neither can be negative.");
        }
    }
}

/// <summary>Where a training runs.</summary>
public enum DeviceKind
{
    /// <summary>On an NVIDIA GPU where there is one that the engine can use, else on the CPU.</summary>
    Auto,

    /// <summary>On the CPU.</summary>
    Cpu,

    /// <summary>On an NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>In which floating-point formats a training computes. Weights, moments and losses are always 32-bit floats.</summary>
public enum Precision
{
    /// <summary>In 32-bit floats throughout.</summary>
    Fp32,

    /// <summary>
    /// Convolutions and what lies between them in bfloat16, whose range is that of 32-bit floats, so that losses need no
    /// scaling.
    /// </summary>
    Mixed,
}
