using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FocoBot.Assistant.LanguageModels;

/// <summary>Wires this room into the host.</summary>
public static class LanguageModelServices
{
    /// <summary>Adds <see cref="LanguageModelOptions"/> and <see cref="Interpreter"/>.</summary>
    /// <exception cref="InvalidOperationException">A setting is wrong; see <see cref="LanguageModelOptions.From"/>.</exception>
    public static IServiceCollection AddLanguageModels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(LanguageModelOptions.From(configuration));
        services.AddSingleton<LanguageModelMetrics>();
        services.AddSingleton<ChatCompletions>();
        services.AddSingleton(provider => new Interpreter(
            provider.GetRequiredService<LanguageModelOptions>(),
            provider.GetRequiredService<ChatCompletions>(),
            provider.GetRequiredService<LanguageModelMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Interpreter>>()));
        services.AddHttpClient(ChatCompletions.ClientName, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // the interpreter's budget rules
                client.DefaultRequestHeaders.UserAgent.ParseAdd("FocoBot");
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = LanguageModelLimits.Budget,
                MaxResponseHeadersLength = 16, // KiB
                MaxResponseDrainSize = 0, // an endless body is cut off, not read to its end
                ActivityHeadersPropagator = null, // our trace ids are no business of the providers
            })
            .RemoveAllLoggers();
        return services;
    }
}
