using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// A tensor to be trained. It takes the given tensor over, which becomes invalid, and its place in a scope.
/// </summary>
public class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true)
        : base(data.requires_grad_(requires_grad).TakeHandle(), data.Bytes, register: false) =>
        data.OwningScope?.Replace(data, this);
}
