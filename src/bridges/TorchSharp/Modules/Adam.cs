using TorchSharp.Internals;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Adam (Kingma and Ba, 2015) as torch.optim.Adam computes it. Float parameters on the CPU are updated in one native
/// pass over memory, the others by operators over lists of tensors.
/// </summary>
public partial class Adam : OptimizerHelper, optim.IBetas
{
    private static readonly Operator s_neg = new("_foreach_neg");
    private static readonly Operator s_add = new("_foreach_add", "List");
    private static readonly Operator s_addInPlace = new("_foreach_add_", "List");
    private static readonly Operator s_addScalarInPlace = new("_foreach_add_", "Scalar");
    private static readonly Operator s_mulInPlace = new("_foreach_mul_", "Scalar");
    private static readonly Operator s_divInPlace = new("_foreach_div_", "Scalar");
    private static readonly Operator s_addcmulInPlace = new("_foreach_addcmul_", "Scalar");
    private static readonly Operator s_addcdivInPlace = new("_foreach_addcdiv_", "Scalar");
    private static readonly Operator s_sqrt = new("_foreach_sqrt");
    private static readonly Operator s_maximum = new("maximum");

    private readonly Options _defaults;

    public Adam(
        IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public Adam(
        IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        if (lr < 0)
            throw new ArgumentException($"Invalid learning rate: {lr}");
        if (beta1 is < 0 or >= 1)
            throw new ArgumentException($"Invalid beta1 value: {beta1}");
        if (beta2 is < 0 or >= 1)
            throw new ArgumentException($"Invalid beta2 value: {beta2}");
        if (eps < 0)
            throw new ArgumentException($"Invalid eps value: {eps}");
        if (weight_decay < 0)
            throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters)
            add_param_group(group);
    }

    public (double, double) Betas
    {
        get => _parameter_groups.OfType<ParamGroup>().Select(group => group.Betas).First();
        set
        {
            foreach (var group in _parameter_groups.OfType<ParamGroup>())
                group.Betas = value;
        }
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        if (param_group is not ParamGroup group)
            throw new ArgumentException($"Adam takes groups of type Adam.ParamGroup, not {param_group.GetType()}.");
        group.Options ??= new Options();
        group.Options.FillFrom(_defaults);
        // Enumerated once: a lazy sequence could give other parameters at each step.
        group.Parameters = group.Parameters.ToArray();
        base.add_param_group(group);
        foreach (var parameter in group.Parameters)
        {
            var state = new State(parameter);
            state.Initialize(group.Options);
            States.Add(parameter, state);
        }
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using var withGrad = enable_grad();
            loss = closure();
        }
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups.OfType<ParamGroup>())
        {
            var states = new List<State>();
            foreach (var parameter in group.Parameters)
            {
                if (parameter.Info().HasGrad == 0)
                    continue;
                var state = (State)States[parameter];
                state.step++;
                states.Add(state);
            }
            foreach (var bySteps in OnePass(states, group.Options).GroupBy(state => state.step))
                ByLists([.. bySteps], group.Options, bySteps.Key);
        }
        return loss;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var state in States.Values.OfType<State>())
                state.Dispose();
            States.Clear();
        }
        base.Dispose(disposing);
    }

    /// <summary>Returns the states of the parameters that the native pass left alone.</summary>
    private static unsafe List<State> OnePass(List<State> states, Options options)
    {
        var items = new AdamItem[states.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var state = states[i];
            items[i] = new AdamItem
            {
                Parameter = state.Parameter.Handle,
                ExpAvg = state.exp_avg.Handle,
                ExpAvgSq = state.exp_avg_sq.Handle,
                MaxExpAvgSq = state.max_exp_avg_sq?.Handle ?? 0,
                Step = state.step,
            };
        }
        var settings = new AdamSettings
        {
            LearningRate = options.LearningRate!.Value,
            Beta1 = options.beta1!.Value,
            Beta2 = options.beta2!.Value,
            Eps = options.eps!.Value,
            WeightDecay = options.weight_decay!.Value,
            Maximize = options.maximize == true ? 1 : 0,
        };
        fixed (AdamItem* pointer = items)
            Native.Check(Native.ts_adam(pointer, items.Length, &settings));
        GC.KeepAlive(states);
        return [.. states.Where((_, i) => items[i].Step >= 0)];
    }

    private static void ByLists(State[] states, Options options, long step)
    {
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        var parameters = Array.ConvertAll(states, Tensor (state) => state.Parameter);
        var grads = Array.ConvertAll(states, state => state.Parameter.grad!);
        var first = Array.ConvertAll(states, state => state.exp_avg);
        var second = Array.ConvertAll(states, state => state.exp_avg_sq);
        var count = states.Length;
        if (options.maximize == true)
            grads = s_neg.CallList(count, grads);
        if (options.weight_decay!.Value != 0)
            grads = s_add.CallList(count, grads, parameters, options.weight_decay.Value);

        s_mulInPlace.CallInPlace(first, beta1);
        s_addInPlace.CallInPlace(first, grads, 1 - beta1);
        s_mulInPlace.CallInPlace(second, beta2);
        s_addcmulInPlace.CallInPlace(second, grads, grads, 1 - beta2);
        if (options.amsgrad == true)
        {
            foreach (var state in states)
                state.max_exp_avg_sq!.copy_(s_maximum.Call(state.max_exp_avg_sq, state.exp_avg_sq));
            second = Array.ConvertAll(states, state => state.max_exp_avg_sq!);
        }
        var denominators = s_sqrt.CallList(count, second);
        s_divInPlace.CallInPlace(denominators, Math.Sqrt(1 - Math.Pow(beta2, step)));
        s_addScalarInPlace.CallInPlace(denominators, options.eps!.Value);
        var stepSize = options.LearningRate!.Value / (1 - Math.Pow(beta1, step));
        s_addcdivInPlace.CallInPlace(parameters, first, denominators, -stepSize);
    }
}
