namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class init
        {
            public static Tensor zeros_(Tensor tensor) => Fill(tensor, 0);

            public static Tensor ones_(Tensor tensor) => Fill(tensor, 1);

            public static Tensor constant_(Tensor tensor, Scalar val) => Fill(tensor, val);

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
            {
                using var mode = no_grad();
                return tensor.normal_(mean, std, generator);
            }

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
            {
                using var mode = no_grad();
                return tensor.uniform_(low, high, generator);
            }

            private static Tensor Fill(Tensor tensor, Scalar value)
            {
                using var mode = no_grad();
                return tensor.fill_(value);
            }
        }
    }
}
