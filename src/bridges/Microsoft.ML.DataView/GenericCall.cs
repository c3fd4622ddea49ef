using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a private generic method with a type argument that is known at run time only.</summary>
internal static class GenericCall
{
    public static TResult Invoke<TResult>(
        Type owner, string method, object target, Type typeArgument, params object[] arguments)
    {
        const BindingFlags Any =
            BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        return (TResult)owner.GetMethod(method, Any)!.MakeGenericMethod(typeArgument)
            .Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
