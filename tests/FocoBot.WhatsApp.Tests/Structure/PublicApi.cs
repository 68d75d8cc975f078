using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Tests.Structure;

/// <summary>Renders what an assembly shows its users: a line a type, and a line a member below it. Of generated messages, the names only.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What every record has, and says nothing of it.
    private static readonly HashSet<string> RecordMembers = ["<Clone>$", "PrintMembers", "get_EqualityContract", "GetHashCode", "Equals", "op_Equality", "op_Inequality", "ToString", "Deconstruct"];

    public static string Render(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (IsGenerated(type))
            {
                if (!type.IsNested)
                    text.AppendLine($"message {type.FullName}");
                continue;
            }

            text.AppendLine($"{Kind(type)} {Name(type)}{Bases(type)}");
            foreach (var member in type.GetMembers(Declared).Where(IsVisible).Select(Line).OfType<string>().Order(StringComparer.Ordinal))
                text.AppendLine($"    {member}");
        }

        return text.ToString();
    }

    /// <summary>The records that print all their members, and have some that may be private.</summary>
    public static IEnumerable<string> Talkative(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        where IsRecord(type) && type.GetProperties().Any(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { IsValueType: false } or { Name: nameof(Jid) })
        where type.GetMethod("ToString", Type.EmptyTypes)!.IsDefined(typeof(CompilerGeneratedAttribute))
        select Name(type);

    public static bool IsGenerated(Type type) =>
        typeof(IMessage).IsAssignableFrom(type) || type.Name.EndsWith("Reflection", StringComparison.Ordinal) || (type.Namespace == "FocoBot.WhatsApp.Proto" && !type.IsNested && type.IsEnum)
        || (type.DeclaringType is { } outer && (IsGenerated(outer) || outer.Name == "Types"));

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily,
        PropertyInfo property => property.GetAccessors(true).Any(IsVisible),
        EventInfo => true,
        _ => false,
    };

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null || type.GetMethod("PrintMembers", Declared) is not null;

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => IsRecord(type) ? "record struct" : "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        _ => $"{(type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{(IsRecord(type) ? "record" : "class")}",
    };

    private static string Bases(Type type)
    {
        if (type.IsEnum)
            return "";
        var bases = type.GetInterfaces().Where(one => !(one.Name.StartsWith("IEquatable", StringComparison.Ordinal) && IsRecord(type))).Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } above && above != typeof(object) && above != typeof(ValueType))
            bases.Insert(0, Name(above));
        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo made => made.GetParameters() is [var only] && only.ParameterType == made.DeclaringType ? null : $"new({Parameters(made)})",
        MethodInfo method => IsOrdinary(method) ? $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}({Parameters(method)})" : null,
        FieldInfo { DeclaringType.IsEnum: true } value => value.IsLiteral ? $"{value.Name} = {value.GetRawConstantValue()}" : null,
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        PropertyInfo { Name: "EqualityContract" } => null,
        PropertyInfo property => $"{(property.GetAccessors(true)[0].IsStatic ? "static " : "")}{(property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "")}{Name(property)} {property.Name} {{{Accessors(property)} }}",
        _ => $"{member.MemberType} {member.Name}",
    };

    private static bool IsOrdinary(MethodInfo method) =>
        !(method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)) && !(IsRecord(method.DeclaringType!) && RecordMembers.Contains(method.Name));

    private static string Accessors(PropertyInfo property)
    {
        var set = property.SetMethod is { } setter && IsVisible(setter) ? setter : null;
        var isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? false;
        return $"{(property.GetMethod is { } getter && IsVisible(getter) ? " get;" : "")}{(set is null ? "" : isInit ? " init;" : " set;")}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType, new NullabilityInfoContext().Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")}"));

    private static string Name(PropertyInfo property) => Name(property.PropertyType, new NullabilityInfoContext().Create(property));

    private static string Name(Type type) => Name(type, null);

    private static string Name(Type type, NullabilityInfo? known)
    {
        if (type.IsByRef)
            return "ref " + Name(type.GetElementType()!);
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Name(inner) + "?";
        var mark = !type.IsValueType && known is not null && NullabilityState.Nullable == (known.ReadState is NullabilityState.Unknown ? known.WriteState : known.ReadState) ? "?" : "";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!, known?.ElementType)}[]{mark}";
        var name = type.Name.Split('`')[0];
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            name = $"{outer.Name}.{name}";
        if (type.Namespace?.StartsWith("FocoBot.WhatsApp.", StringComparison.Ordinal) == true)
            name = $"{type.Namespace["FocoBot.WhatsApp.".Length..]}.{name}";
        if (type.IsGenericType)
            name += $"<{string.Join(", ", type.GetGenericArguments().Select((argument, i) => Name(argument, known?.GenericTypeArguments.ElementAtOrDefault(i))))}>";
        return name + mark;
    }
}
