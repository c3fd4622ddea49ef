using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator s_eqTensor = new("eq", "Tensor");
        private static readonly Operator s_eqScalar = new("eq", "Scalar");
        private static readonly Operator s_neTensor = new("ne", "Tensor");
        private static readonly Operator s_neScalar = new("ne", "Scalar");
        private static readonly Operator s_ltTensor = new("lt", "Tensor");
        private static readonly Operator s_ltScalar = new("lt", "Scalar");
        private static readonly Operator s_leTensor = new("le", "Tensor");
        private static readonly Operator s_leScalar = new("le", "Scalar");
        private static readonly Operator s_gtTensor = new("gt", "Tensor");
        private static readonly Operator s_gtScalar = new("gt", "Scalar");
        private static readonly Operator s_geTensor = new("ge", "Tensor");
        private static readonly Operator s_geScalar = new("ge", "Scalar");
        private static readonly Operator s_isnan = new("isnan");
        private static readonly Operator s_isfinite = new("isfinite");
        private static readonly Operator s_isinf = new("isinf");
        private static readonly Operator s_logicalNot = new("logical_not");
        private static readonly Operator s_logicalAnd = new("logical_and");
        private static readonly Operator s_logicalOr = new("logical_or");
        private static readonly Operator s_whereSelf = new("where", "self");
        private static readonly Operator s_nonzero = new("nonzero");
        private static readonly Operator s_allclose = new("allclose");

        public Tensor eq(Tensor target) => s_eqTensor.Call(this, target);
        public Tensor eq(Scalar target) => s_eqScalar.Call(this, target);
        public Tensor ne(Tensor target) => s_neTensor.Call(this, target);
        public Tensor ne(Scalar target) => s_neScalar.Call(this, target);
        public Tensor lt(Tensor target) => s_ltTensor.Call(this, target);
        public Tensor lt(Scalar target) => s_ltScalar.Call(this, target);
        public Tensor le(Tensor target) => s_leTensor.Call(this, target);
        public Tensor le(Scalar target) => s_leScalar.Call(this, target);
        public Tensor gt(Tensor target) => s_gtTensor.Call(this, target);
        public Tensor gt(Scalar target) => s_gtScalar.Call(this, target);
        public Tensor ge(Tensor target) => s_geTensor.Call(this, target);
        public Tensor ge(Scalar target) => s_geScalar.Call(this, target);

        public Tensor isnan() => s_isnan.Call(this);
        public Tensor isfinite() => s_isfinite.Call(this);
        public Tensor isinf() => s_isinf.Call(this);
        public Tensor logical_not() => s_logicalNot.Call(this);
        public Tensor logical_and(Tensor other) => s_logicalAnd.Call(this, other);
        public Tensor logical_or(Tensor other) => s_logicalOr.Call(this, other);
        public Tensor where(Tensor condition, Tensor y) => s_whereSelf.Call(condition, this, y);
        public Tensor nonzero() => s_nonzero.Call(this);

        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
            s_allclose.CallValue(this, target, rtol, atol, equal_nan).Payload != 0;

        public static Tensor operator ==(Tensor left, Tensor right) => s_eqTensor.Call(left, right);
        public static Tensor operator ==(Tensor left, Scalar right) => s_eqScalar.Call(left, right);
        public static Tensor operator ==(Scalar left, Tensor right) => s_eqScalar.Call(right, left);
        public static Tensor operator !=(Tensor left, Tensor right) => s_neTensor.Call(left, right);
        public static Tensor operator !=(Tensor left, Scalar right) => s_neScalar.Call(left, right);
        public static Tensor operator !=(Scalar left, Tensor right) => s_neScalar.Call(right, left);
        public static Tensor operator <(Tensor left, Tensor right) => s_ltTensor.Call(left, right);
        public static Tensor operator <(Tensor left, Scalar right) => s_ltScalar.Call(left, right);
        public static Tensor operator <(Scalar left, Tensor right) => s_gtScalar.Call(right, left);
        public static Tensor operator <=(Tensor left, Tensor right) => s_leTensor.Call(left, right);
        public static Tensor operator <=(Tensor left, Scalar right) => s_leScalar.Call(left, right);
        public static Tensor operator <=(Scalar left, Tensor right) => s_geScalar.Call(right, left);
        public static Tensor operator >(Tensor left, Tensor right) => s_gtTensor.Call(left, right);
        public static Tensor operator >(Tensor left, Scalar right) => s_gtScalar.Call(left, right);
        public static Tensor operator >(Scalar left, Tensor right) => s_ltScalar.Call(right, left);
        public static Tensor operator >=(Tensor left, Tensor right) => s_geTensor.Call(left, right);
        public static Tensor operator >=(Tensor left, Scalar right) => s_geScalar.Call(left, right);
        public static Tensor operator >=(Scalar left, Tensor right) => s_leScalar.Call(right, left);
    }
}
