using System.Text.RegularExpressions;

namespace Bridges.Api.Tests;

/// <summary>Finds what a bridge offers and the real package does not.</summary>
internal sealed class ApiComparison(IReadOnlyDictionary<string, ListedType> real)
{
    internal List<string> Differences(IEnumerable<Type> types)
    {
        var found = new List<string>();
        foreach (var type in types.Where(ApiFormatter.IsVisible).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            var key = TypeNames.KeyOf(type);
            if (real.TryGetValue(key, out var listed))
                Compare(type, listed, message => found.Add($"{key}: {message}"));
            else if (!IsNamed(key))
                found.Add($"{key}: the real assembly has no such type");
        }
        return found;
    }

    /// <summary>Whether a listed member mentions the type: an incomplete list may leave out a type's own lines.</summary>
    private bool IsNamed(string key) =>
        real.Values.Any(type => type.Members.Any(member => Regex.IsMatch(member, Regex.Escape(key) + @"\b")));

    private void Compare(Type type, ListedType listed, Action<string> report)
    {
        if (ApiFormatter.Kind(type) != listed.Kind)
            report($"is {ApiFormatter.Kind(type)}, really {listed.Kind}");
        var constraints = ApiFormatter.Constraints(type.GetGenericArguments().Skip(
            type.DeclaringType?.GetGenericArguments().Length ?? 0));
        if (!Matches(listed.Constraints, constraints))
            report($"has constraints '{Plain(constraints)}', really '{listed.Constraints}'");

        var ancestors = Ancestors(listed).ToList();
        var bases = ancestors.SelectMany(ancestor => ancestor.Bases).ToList();
        foreach (var name in ApiFormatter.Bases(type).Where(name => !bases.Any(other => Matches(other, name))))
            report($"derives from {Plain(name)}, which the real one does not");
        var members = ancestors.SelectMany(ancestor => ancestor.Members).ToList();
        foreach (var member in ApiFormatter.Members(type).Where(member => !members.Any(other => Offers(other, member))))
            report($"the real type has no member '{Plain(member)}'");
    }

    /// <summary>Whether the real type has or inherits a member, spelled as <see cref="ApiFormatter"/> does.</summary>
    internal bool HasMember(ListedType type, string member) =>
        Ancestors(type).SelectMany(ancestor => ancestor.Members).Any(listed => Offers(listed, member));

    /// <summary>The type and the base types that lists tell about.</summary>
    internal IEnumerable<ListedType> Ancestors(ListedType type)
    {
        for (var level = type; level is not null;)
        {
            yield return level;
            level = level.Bases.Count > 0 && real.TryGetValue(ApiList.KeyOf(level.Bases[0]), out var next) &&
                next.Kind.EndsWith("class", StringComparison.Ordinal) ? next : null;
        }
    }

    /// <summary>Whether a listed member is the bridge's; a property may lack an accessor of the real one.</summary>
    private static bool Offers(string listed, string member)
    {
        var ofListed = listed.LastIndexOf(" { ", StringComparison.Ordinal);
        var ofMember = member.LastIndexOf(" { ", StringComparison.Ordinal);
        if (ofListed < 0 || ofMember < 0)
            return Matches(listed, member);
        return Matches(listed[..ofListed], member[..ofMember]) &&
            !Accessors(member[ofMember..]).Except(Accessors(listed[ofListed..])).Any();
    }

    private static string[] Accessors(string braces) =>
        braces.Trim('{', '}', ' ').Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Equality, where the listed text may say `?` at the places that <see cref="TypeNames"/> marks.</summary>
    internal static bool Matches(string listed, string marked)
    {
        var i = 0;
        foreach (var letter in marked)
        {
            if (letter == TypeNames.MayBeNull)
                i += i < listed.Length && listed[i] == '?' ? 1 : 0;
            else if (i >= listed.Length || listed[i++] != letter)
                return false;
        }
        return i == listed.Length;
    }

    internal static string Plain(string marked) =>
        marked.Replace(TypeNames.MayBeNull.ToString(), "", StringComparison.Ordinal);
}
