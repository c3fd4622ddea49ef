using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adam
{
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? weight_decay;
        public double? eps;
        public bool? amsgrad;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            if (source is not Options other)
                throw new ArgumentException($"Options of Adam cannot be loaded from {source.GetType()}.");
            (beta1, beta2, weight_decay) = (other.beta1, other.beta2, other.weight_decay);
            (eps, amsgrad, maximize) = (other.eps, other.amsgrad, other.maximize);
        }

        internal void FillFrom(Options defaults)
        {
            LearningRate ??= defaults.LearningRate;
            InitialLearningRate = LearningRate!.Value;
            beta1 ??= defaults.beta1;
            beta2 ??= defaults.beta2;
            weight_decay ??= defaults.weight_decay;
            eps ??= defaults.eps;
            amsgrad ??= defaults.amsgrad;
            maximize ??= defaults.maximize;
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options
            {
                LearningRate = lr,
                beta1 = beta1,
                beta2 = beta2,
                eps = eps,
                weight_decay = weight_decay,
                amsgrad = amsgrad,
                maximize = maximize,
            })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = (value.Item1, value.Item2);
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg = null!;
        public Tensor exp_avg_sq = null!;
        public Tensor? max_exp_avg_sq;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal Parameter Parameter => _parameter;

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            exp_avg = zeros_like(_parameter).DetachFromDisposeScope();
            exp_avg_sq = zeros_like(_parameter).DetachFromDisposeScope();
            if (options is Options { amsgrad: true })
                max_exp_avg_sq = zeros_like(_parameter).DetachFromDisposeScope();
        }

        public override void LoadStateDict(OptimizerState source)
        {
            if (source is not State other)
                throw new ArgumentException($"A state of Adam cannot be loaded from {source.GetType()}.");
            step = other.step;
            exp_avg.copy_(other.exp_avg);
            exp_avg_sq.copy_(other.exp_avg_sq);
            if (max_exp_avg_sq is not null && other.max_exp_avg_sq is not null)
                max_exp_avg_sq.copy_(other.max_exp_avg_sq);
        }

        public override void to(Device device)
        {
            exp_avg = Move(exp_avg, device);
            exp_avg_sq = Move(exp_avg_sq, device);
            if (max_exp_avg_sq is not null)
                max_exp_avg_sq = Move(max_exp_avg_sq, device);
        }

        public void Dispose()
        {
            exp_avg.Dispose();
            exp_avg_sq.Dispose();
            max_exp_avg_sq?.Dispose();
        }

        private static Tensor Move(Tensor tensor, Device device) =>
            tensor.to(device, disposeAfter: true).DetachFromDisposeScope();
    }
}
