using FocoBot.Accounts;
using FocoBot.Assistant.Understanding;
using FocoBot.Operations;
using FocoBot.Security;
using FocoBot.Storage;

if (args is ["understand", ..])
    return UnderstandCommand.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());

try
{
    if (args is ["user", ..])
        return await UserCommand.RunAsync(args, Console.IsInputRedirected ? Console.In : null, Console.Out, Console.Error);

    // Settings lie beside the program, wherever it is started from; data is relative to where it is started.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddFocoBot();
    var app = builder.Build();
    await app.PrepareAsync();
    app.MapFocoBot();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is StartupException or DatabaseInUseException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
