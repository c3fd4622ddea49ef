using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Which column type a field or property of a row class stands for.</summary>
internal static class MemberTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> Items = new PrimitiveDataViewType[]
    {
        BooleanDataViewType.Instance, DateTimeDataViewType.Instance, TextDataViewType.Instance,
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double,
    }.ToDictionary(type => type.RawType);

    public static Type TypeOf(MemberInfo member) =>
        member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The built-in column type of a scalar, or null.</summary>
    public static PrimitiveDataViewType ItemTypeOrNull(Type type) =>
        Items.GetValueOrDefault(type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type);

    /// <summary>The built-in column type with this name (as its `ToString` gives it), or null.</summary>
    public static PrimitiveDataViewType ByNameOrNull(string name) =>
        Items.Values.FirstOrDefault(type => type.ToString() == name);

    public static DataViewType ColumnTypeOf(MemberInfo member)
    {
        var type = TypeOf(member);
        var itemType = VectorItemOrNull(type);
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (vector != null && itemType == null)
        {
            throw new ArgumentException(
                $"Member {member.Name} marked with {nameof(VectorTypeAttribute)}, "
                + "but does not appear to be a vector type");
        }
        if (ItemTypeOrNull(itemType ?? type) is { } builtIn)
        {
            return itemType == null ? builtIn
                : vector?.Dimensions is { Length: > 0 } dimensions ? new VectorDataViewType(builtIn, dimensions)
                : new VectorDataViewType(builtIn);
        }

        var attribute = member.GetCustomAttribute<DataViewTypeAttribute>();
        attribute?.Register();
        return DataViewTypeManager.Find(type, attribute)
            ?? throw new ArgumentException(
                $"Could not determine an IDataView type and registered custom types for member {member.Name} "
                + $"of type {type}");
    }

    /// <summary>What the member holds, as the raw type of a column: an array as the buffer of its items.</summary>
    public static Type RawTypeOf(MemberInfo member)
    {
        var type = TypeOf(member);
        var item = VectorItemOrNull(type) ?? type;
        if (item == typeof(string))
            item = typeof(ReadOnlyMemory<char>);
        return VectorItemOrNull(type) == null ? item : typeof(VBuffer<>).MakeGenericType(item);
    }

    public static Type VectorItemOrNull(Type type) =>
        type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? type.GetGenericArguments()[0]
            : null;
}
