using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator s_abs = new("abs");
        private static readonly Operator s_neg = new("neg");
        private static readonly Operator s_exp = new("exp");
        private static readonly Operator s_log = new("log");
        private static readonly Operator s_sqrt = new("sqrt");
        private static readonly Operator s_rsqrt = new("rsqrt");
        private static readonly Operator s_square = new("square");
        private static readonly Operator s_reciprocal = new("reciprocal");
        private static readonly Operator s_sigmoid = new("sigmoid");
        private static readonly Operator s_tanh = new("tanh");
        private static readonly Operator s_atanh = new("atanh");
        private static readonly Operator s_relu = new("relu");
        private static readonly Operator s_sin = new("sin");
        private static readonly Operator s_cos = new("cos");
        private static readonly Operator s_floor = new("floor");
        private static readonly Operator s_ceil = new("ceil");
        private static readonly Operator s_sign = new("sign");
        private static readonly Operator s_log2 = new("log2");
        private static readonly Operator s_log10 = new("log10");
        private static readonly Operator s_log1p = new("log1p");
        private static readonly Operator s_expm1 = new("expm1");
        private static readonly Operator s_absInPlace = new("abs_");
        private static readonly Operator s_negInPlace = new("neg_");
        private static readonly Operator s_expInPlace = new("exp_");
        private static readonly Operator s_logInPlace = new("log_");
        private static readonly Operator s_sqrtInPlace = new("sqrt_");
        private static readonly Operator s_sigmoidInPlace = new("sigmoid_");
        private static readonly Operator s_tanhInPlace = new("tanh_");
        private static readonly Operator s_reluInPlace = new("relu_");
        private static readonly Operator s_roundDecimals = new("round", "decimals");
        private static readonly Operator s_powTensorTensor = new("pow", "Tensor_Tensor");
        private static readonly Operator s_powTensorScalar = new("pow", "Tensor_Scalar");
        private static readonly Operator s_powScalarInPlace = new("pow_", "Scalar");
        private static readonly Operator s_clamp = new("clamp");
        private static readonly Operator s_clampTensor = new("clamp", "Tensor");
        private static readonly Operator s_clampInPlace = new("clamp_");
        private static readonly Operator s_clampMin = new("clamp_min");
        private static readonly Operator s_clampMax = new("clamp_max");
        private static readonly Operator s_addcmul = new("addcmul");
        private static readonly Operator s_addcmulInPlace = new("addcmul_");
        private static readonly Operator s_addcdiv = new("addcdiv");
        private static readonly Operator s_addcdivInPlace = new("addcdiv_");
        private static readonly Operator s_lerpTensor = new("lerp", "Tensor");
        private static readonly Operator s_lerpTensorInPlace = new("lerp_", "Tensor");
        private static readonly Operator s_leakyRelu = new("leaky_relu");
        private static readonly Operator s_hardtanh = new("hardtanh");
        private static readonly Operator s_softmaxInt = new("softmax", "int");
        private static readonly Operator s_logSoftmaxInt = new("log_softmax", "int");
        private static readonly Operator s_maximum = new("maximum");
        private static readonly Operator s_minimum = new("minimum");
        private static readonly Operator s_matmul = new("matmul");
        private static readonly Operator s_mm = new("mm");
        private static readonly Operator s_bmm = new("bmm");
        private static readonly Operator s_zeroInPlace = new("zero_");
        private static readonly Operator s_fillScalarInPlace = new("fill_", "Scalar");
        private static readonly Operator s_copyInPlace = new("copy_");
        private static readonly Operator s_normalInPlace = new("normal_");
        private static readonly Operator s_uniformInPlace = new("uniform_");
        private static readonly Operator s_maskedFillScalar = new("masked_fill", "Scalar");
        private static readonly Operator s_maskedFillScalarInPlace = new("masked_fill_", "Scalar");

        public Tensor abs() => s_abs.Call(this);
        public Tensor neg() => s_neg.Call(this);
        public Tensor exp() => s_exp.Call(this);
        public Tensor log() => s_log.Call(this);
        public Tensor sqrt() => s_sqrt.Call(this);
        public Tensor rsqrt() => s_rsqrt.Call(this);
        public Tensor square() => s_square.Call(this);
        public Tensor reciprocal() => s_reciprocal.Call(this);
        public Tensor sigmoid() => s_sigmoid.Call(this);
        public Tensor tanh() => s_tanh.Call(this);
        public Tensor atanh() => s_atanh.Call(this);
        public Tensor relu() => s_relu.Call(this);
        public Tensor sin() => s_sin.Call(this);
        public Tensor cos() => s_cos.Call(this);
        public Tensor floor() => s_floor.Call(this);
        public Tensor ceil() => s_ceil.Call(this);
        public Tensor sign() => s_sign.Call(this);
        public Tensor log2() => s_log2.Call(this);
        public Tensor log10() => s_log10.Call(this);
        public Tensor log1p() => s_log1p.Call(this);
        public Tensor expm1() => s_expm1.Call(this);

        public Tensor abs_()
        {
            s_absInPlace.CallInPlace(this);
            return this;
        }

        public Tensor neg_()
        {
            s_negInPlace.CallInPlace(this);
            return this;
        }

        public Tensor exp_()
        {
            s_expInPlace.CallInPlace(this);
            return this;
        }

        public Tensor log_()
        {
            s_logInPlace.CallInPlace(this);
            return this;
        }

        public Tensor sqrt_()
        {
            s_sqrtInPlace.CallInPlace(this);
            return this;
        }

        public Tensor sigmoid_()
        {
            s_sigmoidInPlace.CallInPlace(this);
            return this;
        }

        public Tensor tanh_()
        {
            s_tanhInPlace.CallInPlace(this);
            return this;
        }

        public Tensor relu_()
        {
            s_reluInPlace.CallInPlace(this);
            return this;
        }

        public Tensor round(long decimals = 0) => s_roundDecimals.Call(this, decimals);

        public Tensor pow(Tensor exponent) => s_powTensorTensor.Call(this, exponent);
        public Tensor pow(Scalar exponent) => s_powTensorScalar.Call(this, exponent);

        public Tensor pow_(Scalar exponent)
        {
            s_powScalarInPlace.CallInPlace(this, exponent);
            return this;
        }

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => s_clamp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => s_clampTensor.Call(this, min, max);
        public Tensor clamp_min(Scalar min) => s_clampMin.Call(this, min);
        public Tensor clamp_max(Scalar max) => s_clampMax.Call(this, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            s_clampInPlace.CallInPlace(this, min, max);
            return this;
        }

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            s_addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            s_addcmulInPlace.CallInPlace(this, tensor1, tensor2, value);
            return this;
        }

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            s_addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            s_addcdivInPlace.CallInPlace(this, tensor1, tensor2, value);
            return this;
        }

        public Tensor lerp(Tensor end, Tensor weight) => s_lerpTensor.Call(this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight)
        {
            s_lerpTensorInPlace.CallInPlace(this, end, weight);
            return this;
        }

        public Tensor hardtanh(Scalar min, Scalar max) => s_hardtanh.Call(this, min, max);
        public Tensor leaky_relu(Scalar negative_slope) => s_leakyRelu.Call(this, negative_slope);
        public Tensor softmax(long dim, ScalarType? dtype = null) => s_softmaxInt.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => s_logSoftmaxInt.Call(this, dim, dtype);
        public Tensor maximum(Tensor other) => s_maximum.Call(this, other);
        public Tensor minimum(Tensor other) => s_minimum.Call(this, other);
        public Tensor matmul(Tensor target) => s_matmul.Call(this, target);
        public Tensor mm(Tensor target) => s_mm.Call(this, target);
        public Tensor bmm(Tensor batch2) => s_bmm.Call(this, batch2);

        public Tensor zero_()
        {
            s_zeroInPlace.CallInPlace(this);
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            s_fillScalarInPlace.CallInPlace(this, value);
            return this;
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            s_copyInPlace.CallInPlace(this, source, nonBlocking);
            return this;
        }

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
        {
            s_normalInPlace.CallInPlace(this, mean, std, generator);
            return this;
        }

        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            s_uniformInPlace.CallInPlace(this, from, to, generator);
            return this;
        }

        public Tensor masked_fill(Tensor mask, Scalar value) => s_maskedFillScalar.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            s_maskedFillScalarInPlace.CallInPlace(this, mask, value);
            return this;
        }
    }
}
