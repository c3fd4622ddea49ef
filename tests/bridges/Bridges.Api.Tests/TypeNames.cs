using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Bridges.Api.Tests;

/// <summary>
/// Spells types as the lists in api/ do: C# keywords, System namespaces dropped, tuples with the names of their
/// elements. After each reference type stands <see cref="MayBeNull"/>, since a bridge need not repeat the real
/// package's nullable annotations.
/// </summary>
internal static class TypeNames
{
    internal const char MayBeNull = '\u2370';

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte",
        [typeof(char)] = "char", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    internal static string Of(Type type, ICustomAttributeProvider? site = null)
    {
        var names = site?.GetCustomAttributes(typeof(TupleElementNamesAttribute), false)
            .Cast<TupleElementNamesAttribute>().FirstOrDefault()?.TransformNames;
        return new Speller(names).Spell(type);
    }

    /// <summary>The name under which a list holds a type: generic parameters as their number.</summary>
    internal static string KeyOf(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return definition.FullName!.Replace('+', '.');
    }

    private sealed class Speller(IList<string?>? tupleNames)
    {
        private int _position;

        internal string Spell(Type type)
        {
            if (type.IsByRef)
                return Spell(type.GetElementType()!);
            if (type.IsPointer)
                return Spell(type.GetElementType()!) + "*";
            if (type.IsArray)
                return $"{Spell(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]{MayBeNull}";
            if (Nullable.GetUnderlyingType(type) is { } underlying)
                return Spell(underlying).TrimEnd(MayBeNull) + "?";
            if (type.IsGenericParameter)
                return type.Name + MayBeNull;
            if (type is { Namespace: "System", IsGenericType: true } &&
                type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
                return SpellTuple(type);
            return SpellNamed(type) + (type.IsValueType ? "" : MayBeNull);
        }

        private string SpellNamed(Type type)
        {
            if (s_keywords.TryGetValue(type, out var keyword))
                return keyword;
            var chain = new List<Type>();
            for (var level = type; level is not null; level = level.DeclaringType)
                chain.Insert(0, level);
            var text = new StringBuilder();
            if (type.Namespace is { } space && space != "System" &&
                !space.StartsWith("System.", StringComparison.Ordinal))
                text.Append(space).Append('.');
            var arguments = type.GetGenericArguments();
            var used = 0;
            foreach (var level in chain)
            {
                if (level != chain[0])
                    text.Append('.');
                var count = level.GetGenericArguments().Length;
                text.Append(level.Name.Split('`')[0]);
                if (count > used)
                    text.Append('<').AppendJoin(", ", arguments[used..count].Select(Spell)).Append('>');
                used = count;
            }
            return text.ToString();
        }

        private string SpellTuple(Type type)
        {
            var arguments = type.GetGenericArguments();
            var first = _position;
            _position += arguments.Length;
            return "(" + string.Join(", ", arguments.Select((argument, i) =>
            {
                var name = tupleNames?.ElementAtOrDefault(first + i);
                return Spell(argument) + (name is null ? "" : " " + name);
            })) + ")";
        }
    }
}
