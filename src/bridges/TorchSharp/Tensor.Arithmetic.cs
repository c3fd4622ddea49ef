using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator s_addTensor = new("add", "Tensor");
        private static readonly Operator s_addScalar = new("add", "Scalar");
        private static readonly Operator s_addTensorInPlace = new("add_", "Tensor");
        private static readonly Operator s_addScalarInPlace = new("add_", "Scalar");
        private static readonly Operator s_subTensor = new("sub", "Tensor");
        private static readonly Operator s_subScalar = new("sub", "Scalar");
        private static readonly Operator s_subTensorInPlace = new("sub_", "Tensor");
        private static readonly Operator s_subScalarInPlace = new("sub_", "Scalar");
        private static readonly Operator s_mulTensor = new("mul", "Tensor");
        private static readonly Operator s_mulScalar = new("mul", "Scalar");
        private static readonly Operator s_mulTensorInPlace = new("mul_", "Tensor");
        private static readonly Operator s_mulScalarInPlace = new("mul_", "Scalar");
        private static readonly Operator s_divTensor = new("div", "Tensor");
        private static readonly Operator s_divScalar = new("div", "Scalar");
        private static readonly Operator s_divTensorInPlace = new("div_", "Tensor");
        private static readonly Operator s_divScalarInPlace = new("div_", "Scalar");
        private static readonly Operator s_divTensorMode = new("div", "Tensor_mode");
        private static readonly Operator s_divScalarMode = new("div", "Scalar_mode");
        private static readonly Operator s_divTensorModeInPlace = new("div_", "Tensor_mode");
        private static readonly Operator s_divScalarModeInPlace = new("div_", "Scalar_mode");
        private static readonly Operator s_rsubScalar = new("rsub", "Scalar");
        private static readonly Operator s_remainderTensor = new("remainder", "Tensor");
        private static readonly Operator s_remainderScalar = new("remainder", "Scalar");

        public Tensor add(Tensor target) => s_addTensor.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => s_addTensor.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => s_addScalar.Call(this, scalar);

        public Tensor add_(Tensor target)
        {
            s_addTensorInPlace.CallInPlace(this, target);
            return this;
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            s_addTensorInPlace.CallInPlace(this, target, alpha);
            return this;
        }

        public Tensor add_(Scalar scalar)
        {
            s_addScalarInPlace.CallInPlace(this, scalar);
            return this;
        }

        public Tensor sub(Tensor target) => s_subTensor.Call(this, target);
        public Tensor sub(Scalar target) => s_subScalar.Call(this, target);

        public Tensor sub_(Tensor target)
        {
            s_subTensorInPlace.CallInPlace(this, target);
            return this;
        }

        public Tensor sub_(Scalar target)
        {
            s_subScalarInPlace.CallInPlace(this, target);
            return this;
        }

        public Tensor mul(Tensor target) => s_mulTensor.Call(this, target);
        public Tensor mul(Scalar target) => s_mulScalar.Call(this, target);

        public Tensor mul_(Tensor target)
        {
            s_mulTensorInPlace.CallInPlace(this, target);
            return this;
        }

        public Tensor mul_(Scalar target)
        {
            s_mulScalarInPlace.CallInPlace(this, target);
            return this;
        }

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? s_divTensor.Call(this, target)
                : s_divTensorMode.Call(this, target, Name(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None
                ? s_divScalar.Call(this, target)
                : s_divScalarMode.Call(this, target, Name(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None)
                s_divTensorInPlace.CallInPlace(this, target);
            else
                s_divTensorModeInPlace.CallInPlace(this, target, Name(rounding_mode));
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None)
                s_divScalarInPlace.CallInPlace(this, target);
            else
                s_divScalarModeInPlace.CallInPlace(this, target, Name(rounding_mode));
            return this;
        }

        public static Tensor operator +(Tensor left, Tensor right) => s_addTensor.Call(left, right);
        public static Tensor operator +(Tensor left, Scalar right) => s_addScalar.Call(left, right);
        public static Tensor operator +(Tensor left, int right) => s_addScalar.Call(left, right);
        public static Tensor operator +(Tensor left, long right) => s_addScalar.Call(left, right);
        public static Tensor operator +(Tensor left, float right) => s_addScalar.Call(left, right);
        public static Tensor operator +(Tensor left, double right) => s_addScalar.Call(left, right);
        public static Tensor operator +(Scalar left, Tensor right) => s_addScalar.Call(right, left);
        public static Tensor operator +(int left, Tensor right) => s_addScalar.Call(right, left);
        public static Tensor operator +(long left, Tensor right) => s_addScalar.Call(right, left);
        public static Tensor operator +(float left, Tensor right) => s_addScalar.Call(right, left);
        public static Tensor operator +(double left, Tensor right) => s_addScalar.Call(right, left);

        public static Tensor operator -(Tensor left, Tensor right) => s_subTensor.Call(left, right);
        public static Tensor operator -(Tensor left, Scalar right) => s_subScalar.Call(left, right);
        public static Tensor operator -(Tensor left, int right) => s_subScalar.Call(left, right);
        public static Tensor operator -(Tensor left, long right) => s_subScalar.Call(left, right);
        public static Tensor operator -(Tensor left, float right) => s_subScalar.Call(left, right);
        public static Tensor operator -(Tensor left, double right) => s_subScalar.Call(left, right);
        public static Tensor operator -(Scalar left, Tensor right) => s_rsubScalar.Call(right, left);
        public static Tensor operator -(int left, Tensor right) => s_rsubScalar.Call(right, left);
        public static Tensor operator -(long left, Tensor right) => s_rsubScalar.Call(right, left);
        public static Tensor operator -(float left, Tensor right) => s_rsubScalar.Call(right, left);
        public static Tensor operator -(double left, Tensor right) => s_rsubScalar.Call(right, left);

        public static Tensor operator *(Tensor left, Tensor right) => s_mulTensor.Call(left, right);
        public static Tensor operator *(Tensor left, Scalar right) => s_mulScalar.Call(left, right);
        public static Tensor operator *(Tensor left, int right) => s_mulScalar.Call(left, right);
        public static Tensor operator *(Tensor left, long right) => s_mulScalar.Call(left, right);
        public static Tensor operator *(Tensor left, float right) => s_mulScalar.Call(left, right);
        public static Tensor operator *(Tensor left, double right) => s_mulScalar.Call(left, right);
        public static Tensor operator *(Scalar left, Tensor right) => s_mulScalar.Call(right, left);
        public static Tensor operator *(int left, Tensor right) => s_mulScalar.Call(right, left);
        public static Tensor operator *(long left, Tensor right) => s_mulScalar.Call(right, left);
        public static Tensor operator *(float left, Tensor right) => s_mulScalar.Call(right, left);
        public static Tensor operator *(double left, Tensor right) => s_mulScalar.Call(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => s_divTensor.Call(left, right);
        public static Tensor operator /(Tensor left, Scalar right) => s_divScalar.Call(left, right);
        public static Tensor operator /(Tensor left, int right) => s_divScalar.Call(left, right);
        public static Tensor operator /(Tensor left, long right) => s_divScalar.Call(left, right);
        public static Tensor operator /(Tensor left, float right) => s_divScalar.Call(left, right);
        public static Tensor operator /(Tensor left, double right) => s_divScalar.Call(left, right);
        public static Tensor operator /(Scalar left, Tensor right) => DivideInto(left, right);
        public static Tensor operator /(int left, Tensor right) => DivideInto(left, right);
        public static Tensor operator /(long left, Tensor right) => DivideInto(left, right);
        public static Tensor operator /(float left, Tensor right) => DivideInto(left, right);
        public static Tensor operator /(double left, Tensor right) => DivideInto(left, right);

        public static Tensor operator -(Tensor tensor) => s_neg.Call(tensor);
        public static Tensor operator %(Tensor left, Tensor right) => s_remainderTensor.Call(left, right);
        public static Tensor operator %(Tensor left, Scalar right) => s_remainderScalar.Call(left, right);

        private static Tensor DivideInto(Scalar left, Tensor right)
        {
            // Not a scalar tensor in the denominator's type: dividing by an integer tensor must give a real one.
            using var inverse = s_reciprocal.Call(right);
            return s_mulScalar.Call(inverse, left);
        }

        private static string Name(RoundingMode mode) => mode == RoundingMode.floor ? "floor" : "trunc";
    }
}
