using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly Operator s_crossEntropy = new("cross_entropy_loss");
            private static readonly Operator s_nllLoss = new("nll_loss_nd");
            private static readonly Operator s_mseLoss = new("mse_loss");
            private static readonly Operator s_l1Loss = new("l1_loss");
            private static readonly Operator s_smoothL1Loss = new("smooth_l1_loss");
            private static readonly Operator s_bceWithLogits = new("binary_cross_entropy_with_logits");
            private static readonly Operator s_klDiv = new("kl_div");

            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                s_crossEntropy.Call(input, target, weight, reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                s_nllLoss.Call(input, target, weight, reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                s_mseLoss.Call(input, target, reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                s_l1Loss.Call(input, target, reduction);

            public static Tensor smooth_l1_loss(
                Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                s_smoothL1Loss.Call(input, target, reduction, beta);

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null) =>
                s_bceWithLogits.Call(input, target, weight, pos_weights, reduction);

            public static Tensor kl_div(
                Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                s_klDiv.Call(input, target, reduction, log_target);
        }
    }
}
