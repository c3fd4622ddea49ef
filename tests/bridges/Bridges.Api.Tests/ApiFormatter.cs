using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Bridges.Api.Tests;

/// <summary>Writes the public and protected members of a type as lines of the lists in api/.</summary>
internal static class ApiFormatter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance |
        BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly HashSet<string> s_keywords =
    [
        "bool", "byte", "char", "default", "double", "event", "float", "in", "int", "is", "long", "new", "null",
            "object",
        "operator", "out", "params", "ref", "short", "string", "this",
    ];

    private static readonly Dictionary<string, string> s_operators = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/",
        ["op_Modulus"] = "%", ["op_UnaryNegation"] = "-", ["op_UnaryPlus"] = "+", ["op_LogicalNot"] = "!",
        ["op_OnesComplement"] = "~", ["op_True"] = "true", ["op_False"] = "false", ["op_Equality"] = "==",
        ["op_Inequality"] = "!=", ["op_LessThan"] = "<", ["op_GreaterThan"] = ">", ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThanOrEqual"] = ">=", ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|", ["op_ExclusiveOr"] = "^",
    };

    internal static bool IsVisible(Type type) =>
        (type.IsPublic || type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) &&
        (type.DeclaringType is null || IsVisible(type.DeclaringType));

    /// <summary>Access, modifiers and kind, as before the name in a list.</summary>
    internal static string Kind(Type type)
    {
        var access = type.IsNestedFamily ? "protected " : type.IsNestedFamORAssem ? "protected internal " : "public ";
        if (type.IsEnum)
            return access + "enum";
        if (IsDelegate(type))
            return access + "delegate";
        if (type.IsInterface)
            return access + "interface";
        if (type.IsValueType)
        {
            var readOnly = type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "";
            return access + readOnly + (type.IsByRefLike ? "ref struct" : "struct");
        }
        return access + (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " :
            type.IsSealed ? "sealed " : "") + "class";
    }

    internal static bool IsDelegate(Type type) => typeof(MulticastDelegate).IsAssignableFrom(type.BaseType);

    /// <summary>
    /// The members declared by a type. Left out are overrides, which add nothing to what the base declares, explicit
    /// implementations and finalizers.
    /// </summary>
    internal static IEnumerable<string> Members(Type type)
    {
        if (IsDelegate(type))
            return [Signature(type.GetMethod("Invoke")!, "")];
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => string.Create(
                CultureInfo.InvariantCulture,
                $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}"));
        }
        return [.. Fields(type), .. Constructors(type), .. Properties(type), .. Events(type), .. Methods(type)];
    }

    /// <summary>
    /// The line of one member as code refers to it (an accessor stands for its property or event, a delegate's members for
    /// its signature), or null for what the lists leave out.
    /// </summary>
    internal static string? Line(MemberInfo member)
    {
        var type = member.DeclaringType!;
        if (IsDelegate(type))
            return Members(type).Single();
        return member switch
        {
            FieldInfo field => Field(field),
            ConstructorInfo constructor => Constructor(constructor),
            MethodInfo method when IsOverride(method) => null,
            MethodInfo method when type.GetProperties(Declared)
                .FirstOrDefault(property => property.GetAccessors(true).Contains(method)) is { } property =>
                Property(property),
            MethodInfo method when type.GetEvents(Declared)
                .FirstOrDefault(item => item.AddMethod == method || item.RemoveMethod == method) is { } item => Event(item),
            MethodInfo method => Method(method),
            _ => null,
        };
    }

    /// <summary>Base class and interfaces, without those that come with another one.</summary>
    internal static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum)
            return [TypeNames.Of(Enum.GetUnderlyingType(type))];
        if (IsDelegate(type))
            return [];
        var interfaces = type.GetInterfaces().Where(IsVisible).ToList();
        var implied = interfaces.SelectMany(item => item.GetInterfaces())
            .Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        var parent = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? [b] : Type.EmptyTypes;
        return parent.Concat(interfaces.Where(item => !implied.Contains(item))).Select(item => TypeNames.Of(item));
    }

    internal static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Select(parameter =>
    {
        var flags = parameter.GenericParameterAttributes;
        var unmanaged = parameter.IsDefined(typeof(IsUnmanagedAttribute));
        var parts = new List<string>();
        if (unmanaged)
            parts.Add("unmanaged");
        else if (flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            parts.Add("struct");
        else if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            parts.Add("class" + TypeNames.MayBeNull);
        parts.AddRange(parameter.GetGenericParameterConstraints()
            .Where(constraint => constraint != typeof(ValueType)).Select(constraint => TypeNames.Of(constraint)));
        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) &&
            !flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            parts.Add("new()");
        }
        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }));

    private static IEnumerable<string> Fields(Type type) => type.GetFields(Declared)
        .Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly)
        .Select(Field);

    private static string Field(FieldInfo field)
    {
        var access = field.IsPublic ? "public " : field.IsFamily ? "protected " : "protected internal ";
        var modifiers = field.IsLiteral
            ? "const "
            : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue(), field.FieldType) : "";
        return access + modifiers + TypeNames.Of(field.FieldType, field) + " " + Escape(field.Name) + value;
    }

    private static IEnumerable<string> Constructors(Type type) => type
        .GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        .Where(constructor => Access(constructor) is not null)
        .Select(Constructor);

    private static string Constructor(ConstructorInfo constructor) =>
        $"{Access(constructor)} {constructor.DeclaringType!.Name.Split('`')[0]}({Parameters(constructor.GetParameters())})";

    private static IEnumerable<string> Properties(Type type) => type.GetProperties(Declared)
        .Select(property => (property, accessors: VisibleAccessors(property)))
        .Where(item => item.accessors.Length > 0 && !item.accessors.All(IsOverride))
        .Select(item => Property(item.property));

    private static MethodInfo[] VisibleAccessors(PropertyInfo property) =>
        [.. property.GetAccessors(true).Where(accessor => Access(accessor) is not null)];

    private static string Property(PropertyInfo property)
    {
        var accessors = VisibleAccessors(property);
        var widest = accessors.OrderBy(accessor =>
            accessor.IsPublic ? 0 : accessor.IsFamilyOrAssembly ? 1 : 2).First();
        var indices = property.GetIndexParameters();
        var name = indices.Length == 0 ? Escape(property.Name) :
            $"this{(property.Name == "Item" ? "" : $"/*{property.Name}*/")}[{Parameters(indices)}]";
        var texts = accessors.OrderByDescending(accessor => accessor == property.GetMethod).Select(accessor =>
            (Access(accessor) == Access(widest) ? "" : Access(accessor) + " ") +
            (accessor == property.GetMethod ? "get;" : IsInit(accessor) ? "init;" : "set;"));
        var text = $"{Modifiers(widest)}{TypeNames.Of(property.PropertyType, property)} {name}";
        return $"{text} {{ {string.Join(' ', texts)} }}";
    }

    private static IEnumerable<string> Events(Type type) => type.GetEvents(Declared)
        .Where(item => Access(item.AddMethod!) is not null)
        .Select(Event);

    private static string Event(EventInfo item) =>
        $"{Modifiers(item.AddMethod!, "event ")}{TypeNames.Of(item.EventHandlerType!)} {item.Name}";

    private static IEnumerable<string> Methods(Type type) => type.GetMethods(Declared)
        .Where(method => Access(method) is not null && !IsOverride(method) &&
            (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)))
        .Select(Method);

    private static string Method(MethodInfo method) => method.Name switch
    {
        "op_Implicit" => Conversion(method, "implicit"),
        "op_Explicit" => Conversion(method, "explicit"),
        var name when s_operators.TryGetValue(name, out var symbol) =>
            Modifiers(method) + Signature(method, "operator " + symbol),
        var name => Modifiers(method) + Signature(method, Escape(name)),
    };

    private static string Conversion(MethodInfo method, string direction) =>
        $"{Modifiers(method)}{direction} operator {TypeNames.Of(method.ReturnType)}" +
        $"({Parameters(method.GetParameters())})";

    private static string Signature(MethodInfo method, string name)
    {
        var generic = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var list = generic.Length == 0 ? "" : $"<{string.Join(", ", generic.Select(parameter => parameter.Name))}>";
        var reference = method.ReturnType.IsByRef ? "ref " : "";
        var space = name.Length == 0 ? "" : " ";
        return $"{reference}{TypeNames.Of(method.ReturnType, method.ReturnParameter)}{space}{name}{list}" +
            $"({Parameters(method.GetParameters(), method)}){Constraints(generic)}";
    }

    private static string Parameters(ParameterInfo[] parameters, MethodInfo? method = null) =>
        string.Join(", ", parameters.Select((parameter, i) =>
        {
            var extends = i == 0 && method?.IsDefined(typeof(ExtensionAttribute)) == true ? "this " : "";
            var passing = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " :
                !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
            var value = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue,
                parameter.ParameterType) : "";
            return extends + passing + TypeNames.Of(parameter.ParameterType,
                parameter) + " " + Escape(parameter.Name!) + value;
        }));

    private static string Modifiers(MethodBase method, string kind = "")
    {
        if (method.DeclaringType!.IsInterface)
            return kind;
        var modifier = method.IsStatic ? "static " : method.IsAbstract ? "abstract " :
            method.IsVirtual && !method.IsFinal ? "virtual " : "";
        return $"{Access(method)} {modifier}{kind}";
    }

    private static string? Access(MethodBase method) =>
        method.IsPublic ? "public" :
        method.IsFamily ? "protected" :
        method.IsFamilyOrAssembly ? "protected internal" : null;

    private static bool IsOverride(MethodInfo method) =>
        method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot);

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Escape(string name) => s_keywords.Contains(name) ? "@" + name : name;

    private static string Literal(object? value, Type type)
    {
        if (value is null)
            return (type.IsValueType &&
                Nullable.GetUnderlyingType(type) is null) || type.IsGenericParameter ? "default" : "null";
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
        {
            var name = Enum.GetName(plain, Enum.ToObject(plain, value));
            return name is null ? $"({TypeNames.Of(plain)}){value}" : $"{TypeNames.Of(plain)}.{name}";
        }
        return value switch
        {
            bool truth => truth ? "true" : "false",
            string text => $"\"{text}\"",
            char letter => char.IsControl(letter) ? $"'\\x{(int)letter:X}'" : $"'{letter}'",
            float number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }
}
