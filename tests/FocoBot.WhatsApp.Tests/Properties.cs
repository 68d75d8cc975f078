using FsCheck;
using FsCheck.Fluent;

namespace FocoBot.WhatsApp.Tests;

/// <summary>Properties run with a fixed seed; a failure prints what broke them, shrunk.</summary>
internal static class Properties
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithReplay(20261121, 1).WithMaxTest(100);

    public static void ForAll<T>(Func<T, bool> property) => Check.One(Config, Prop.ForAll(property));

    public static void ForAll<T, TU>(Func<T, TU, bool> property) => Check.One(Config, Prop.ForAll(property));

    public static void ForAllAsync<T>(Func<T, Task<bool>> property) => Check.One(Config, Prop.ForAll(property));
}
