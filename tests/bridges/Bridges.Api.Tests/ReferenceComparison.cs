using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Bridges.Api.Tests;

/// <summary>A type as a compiled assembly refers to it.</summary>
/// <param name="Assembly">Simple name of the assembly it is looked for in.</param>
/// <param name="Key">Namespace and name as <see cref="TypeNames.KeyOf"/> has them.</param>
internal readonly record struct UsedType(string Assembly, string Key);

/// <summary>
/// Finds what a compiled assembly refers to and the real packages do not have there. The runtime looks for a type only in
/// the assembly that the reference names, and for a member by its name and signature in that type and its base types.
/// </summary>
/// <param name="real">The API lists by the assembly's name.</param>
internal sealed class ReferenceComparison(IReadOnlyDictionary<string, Dictionary<string, ListedType>> real)
{
    private readonly ApiComparison _members = new(
        real.Values.SelectMany(list => list).ToDictionary(item => item.Key, item => item.Value));

    /// <summary>Every type of another assembly that an assembly refers to.</summary>
    internal static List<UsedType> TypesUsed(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return [.. reader.TypeReferences.Select(handle => NameOf(reader, handle)).OfType<UsedType>()];
    }

    /// <summary>Every assembly that an assembly refers to.</summary>
    internal static List<AssemblyName> AssembliesUsed(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle).GetAssemblyName())];
    }

    /// <summary>What of the types and members that an assembly refers to is not in the lists; one line each.</summary>
    internal List<string> Differences(string path)
    {
        var found = new List<string>();
        foreach (var (assembly, key) in TypesUsed(path))
        {
            if (real.TryGetValue(assembly, out var list) && !list.ContainsKey(key))
                found.Add($"type {key}: the real {assembly} has no such type{Elsewhere(key)}");
        }

        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var module = Assembly.LoadFrom(path).ManifestModule;
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (ParentOf(reader, member.Parent) is not { } parent || !real.TryGetValue(parent.Assembly, out var list) ||
                !list.TryGetValue(parent.Key, out var listed))
            {
                continue;
            }

            var definition = Definition(module, MetadataTokens.GetToken(handle));
            // What overrides a member that the type inherits is found there, whether or not the real type overrides it.
            if (ApiFormatter.Line(definition) is { } line && !_members.HasMember(listed, line))
                found.Add($"member {parent.Key}.{definition.Name}: the real type has no '{ApiComparison.Plain(line)}'");
        }

        return found;
    }

    private string Elsewhere(string key)
    {
        var homes = real.Where(list => list.Value.ContainsKey(key)).Select(list => list.Key).ToList();
        return homes.Count == 0 ? "" : "; it sits in " + string.Join(", ", homes);
    }

    private static UsedType? NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.AssemblyReference:
                var assembly = reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                return new(reader.GetString(assembly.Name), $"{reader.GetString(type.Namespace)}.{name}");
            case HandleKind.TypeReference:
                var outer = NameOf(reader, (TypeReferenceHandle)type.ResolutionScope);
                return outer is { } known ? known with { Key = $"{known.Key}.{name}" } : null;
            default:
                return null;
        }
    }

    /// <summary>The type that a member is looked for in; of a constructed generic type its definition.</summary>
    private static UsedType? ParentOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference)
            return NameOf(reader, (TypeReferenceHandle)parent);
        if (parent.Kind != HandleKind.TypeSpecification)
            return null;
        var signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        signature.ReadCompressedInteger(); // class or value type
        var type = signature.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? NameOf(reader, (TypeReferenceHandle)type) : null;
    }

    /// <summary>The member that a reference means here, in the definition of its type.</summary>
    private static MemberInfo Definition(Module module, int token)
    {
        var member = Contexts(module).Select(context => Resolve(module, token, context)).First(item => item is not null)!;
        var type = member.DeclaringType!;
        return type.IsGenericType
            ? type.Module.ResolveMember(member.MetadataToken)!
            : member is MethodInfo { IsGenericMethod: true } method ? method.GetGenericMethodDefinition() : member;
    }

    private static MemberInfo? Resolve(Module module, int token, (Type[] Type, Type[] Method) context)
    {
        try
        {
            return module.ResolveMember(token, context.Type, context.Method);
        }
        catch (Exception error) when (error is BadImageFormatException or ArgumentException or TypeLoadException)
        {
            return null;
        }
    }

    /// <summary>
    /// The generic parameters that a reference may mention: none, or those of some generic type or method. Which one it is
    /// does not matter, since only the definition is asked for.
    /// </summary>
    private static IEnumerable<(Type[] Type, Type[] Method)> Contexts(Module module)
    {
        yield return ([], []);
        foreach (var type in module.GetTypes())
        {
            if (type.IsGenericType)
                yield return (type.GetGenericArguments(), []);
            foreach (var method in type.GetMethods((BindingFlags)(-1)).Where(method => method.IsGenericMethod))
                yield return (type.GetGenericArguments(), method.GetGenericArguments());
        }
    }
}
