using System.Reflection;

namespace Microsoft.ML.Runtime;

public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly Dictionary<(Type Attribute, string ContractName), Type> _extensions = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_lock)
        {
            if (!_assemblies.Add(assembly))
                return;
            foreach (var type in assembly.GetTypes())
            {
                if (type.GetCustomAttribute<ExtensionBaseAttribute>(false) is { } extension)
                    Add(extension, type, throwOnError);
            }
        }
    }

    /// <summary>A new object of the class that carries the attribute with this contract name.</summary>
    internal object CreateExtension<TAttribute>(string contractName)
        where TAttribute : ExtensionBaseAttribute
    {
        lock (_lock)
        {
            if (_extensions.TryGetValue((typeof(TAttribute), contractName), out var type))
                return Activator.CreateInstance(type);
        }
        throw new InvalidOperationException(
            $"Unable to locate component for '{typeof(TAttribute).FullName}' with the contract name '{contractName}'.");
    }

    private void Add(ExtensionBaseAttribute extension, Type type, bool throwOnError)
    {
        if (type.GetConstructor(Type.EmptyTypes) == null)
        {
            if (throwOnError)
            {
                throw new InvalidOperationException(
                    $"Can't instantiate class '{type.Name}' without a public parameterless constructor.");
            }
            return;
        }
        if (!_extensions.TryAdd((extension.GetType(), extension.ContractName), type) && throwOnError)
        {
            throw new InvalidOperationException(
                $"Duplicate contract name '{extension.ContractName}' on '{type.FullName}'.");
        }
    }
}
