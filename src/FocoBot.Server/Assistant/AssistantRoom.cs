using FocoBot.Assistant.Acting;
using FocoBot.Assistant.Admission;
using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.LanguageModels;
using FocoBot.Channels.Web;
using FocoBot.Security;

namespace FocoBot.Assistant;

/// <summary>What this room adds to the server.</summary>
public static class AssistantRoom
{
    public static void AddAssistant(this IServiceCollection services, IConfiguration configuration)
    {
        try
        {
            services.AddLanguageModels(configuration);
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException(e.Message);
        }

        services.AddSingleton<DialogMemory>();
        services.AddSingleton<CreateAction>();
        services.AddSingleton<ListAction>();
        services.AddSingleton<ChangeAction>();
        services.AddSingleton<UndoAction>();
        services.AddSingleton<SettingsAction>();
        services.AddSingleton<SlashCommands>();
        services.AddSingleton<Actions>();
        services.AddSingleton<Performer>();
        services.AddSingleton<RateGate>();
        services.AddSingleton<LinkConversation>();
        services.AddSingleton<Gatekeeper>();
        services.AddSingleton<ChatWaiters>();
        services.AddSingleton<MessagePipeline>();
        services.AddSingleton<Advisor>();
        services.AddSingleton<FailureDesk>();
        services.AddSingleton<ChatNews>();
        services.AddHostedService<InboxWorker>();
    }

    public static void MapAssistant(this IEndpointRouteBuilder app)
    {
        app.ServiceProvider.GetRequiredService<ChatNews>().Begin();
        app.MapCommands();
        app.MapPreview();
    }
}
