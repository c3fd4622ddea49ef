using TorchSharp.Internals;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Info().RequiresGrad != 0;
            set => requires_grad_(value);
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            Native.Check(Native.ts_set_requires_grad(Handle, requires_grad ? 1 : 0));
            GC.KeepAlive(this);
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad()
        {
            Native.Check(Native.ts_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        public Tensor? grad
        {
            get
            {
                var found = Native.ts_grad(Handle);
                GC.KeepAlive(this);
                return found == 0 ? null : new Tensor(found, 0);
            }
            set
            {
                Native.Check(Native.ts_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public void backward() => backward(null);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static unsafe class autograd
    {
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false,
            bool create_graph = false, bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* ofOutputs = Handles(outputs), ofInputs = Handles(inputs), ofGrads = Handles(grad_outputs))
            fixed (nint* found = results)
            {
                Native.Check(Native.ts_autograd_grad(
                    ofOutputs, outputs.Count, ofInputs, inputs.Count, ofGrads, grad_outputs?.Count ?? 0,
                    retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, found));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            // An input the outputs do not depend on has no gradient; as in the real package its place is empty.
            return Array.ConvertAll(results, handle => handle == 0 ? null! : new Tensor(handle, 0));
        }

        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor>? inputs = null)
        {
            fixed (nint* ofTensors = Handles(tensors), ofGrads = Handles(grad_tensors), ofInputs = Handles(inputs))
            {
                Native.Check(Native.ts_backward(
                    ofTensors, tensors.Count, ofGrads, grad_tensors?.Count ?? 0, ofInputs, inputs?.Count ?? 0,
                    retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        private static nint[] Handles(IList<Tensor>? tensors)
        {
            var handles = new nint[tensors?.Count ?? 0];
            for (var i = 0; i < handles.Length; i++)
                handles[i] = tensors![i]?.Handle ?? 0;
            return handles;
        }
    }

    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static bool is_grad_enabled() => Native.ts_grad_enabled() != 0;

    /// <summary>Restores the mode of before at its end; the mode belongs to the thread.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly int _before = Native.ts_grad_enabled();

        internal GradMode(bool enabled) => Native.ts_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.ts_set_grad_enabled(_before);
    }
}
