using FocoBot.Assistant.Understanding;

if (args is ["understand", ..])
    return UnderstandCommand.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());

var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.Run();
return 0;
