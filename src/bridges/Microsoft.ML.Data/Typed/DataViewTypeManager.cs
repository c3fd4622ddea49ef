namespace Microsoft.ML.Data;

public static class DataViewTypeManager
{
    private static readonly Lock Guard = new();
    private static readonly Dictionary<Type, List<(DataViewTypeAttribute Attribute, DataViewType Type)>> Registered =
        [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        ArgumentNullException.ThrowIfNull(dataViewType);
        ArgumentNullException.ThrowIfNull(type);
        if (dataViewType.RawType != type)
        {
            throw new ArgumentException(
                $"The raw type {dataViewType.RawType} of the IDataView type {dataViewType} is not {type}.",
                nameof(type));
        }
        if (MemberTypes.ItemTypeOrNull(type) != null)
            throw new ArgumentException(
                $"Type {type} has been registered as ML.NET's default supported type.", nameof(type));

        lock (Guard)
        {
            if (!Registered.TryGetValue(type, out var known))
                Registered[type] = known = [];
            foreach (var (attribute, registeredType) in known)
            {
                if (!SameAttribute(attribute, typeAttribute))
                {
                    if (registeredType.Equals(dataViewType))
                    {
                        throw new InvalidOperationException(
                            $"{dataViewType} is registered already, for {type} with another attribute.");
                    }
                    continue;
                }
                if (registeredType.Equals(dataViewType))
                    return;
                throw new InvalidOperationException(
                    $"{type} is registered already, as {registeredType} rather than {dataViewType}.");
            }
            known.Add((typeAttribute, dataViewType));
        }
    }

    /// <summary>The column type a member of this type and attribute stands for, or null.</summary>
    internal static DataViewType Find(Type type, DataViewTypeAttribute typeAttribute)
    {
        lock (Guard)
        {
            return Registered.TryGetValue(type, out var known)
                ? known.FirstOrDefault(entry => SameAttribute(entry.Attribute, typeAttribute)).Type
                : null;
        }
    }

    private static bool SameAttribute(DataViewTypeAttribute a, DataViewTypeAttribute b) =>
        a == null ? b == null : b != null && a.Equals(b);
}
