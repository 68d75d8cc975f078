using System.Data.Common;
using FocoBot.Assistant.Understanding;
using FocoBot.Operations;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Connections;

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
catch (Exception e) when (e is StartupException or DatabaseUnusableException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (DbException e)
{
    await Console.Error.WriteLineAsync($"The database can't be used: {e.Message}");
    return 1;
}
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"{e.Message} Stop the other program, or set PORT (or ASPNETCORE_URLS).");
    return 1;
}
