using FocoBot.Bench;

/// <summary>
/// Runs inside the measured server as .NET's startup hook (<c>DOTNET_STARTUP_HOOKS</c>), so that the product needs no endpoint
/// for it: writes what the runtime counts into a file, twice a second. The name and method are the runtime's.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(RuntimeFigures.FileVariable) is { } file) _ = RuntimeFigures.WriteForeverAsync(file);
    }
}
