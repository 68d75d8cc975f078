namespace FocoBot.Messages;

/// <summary>What this room adds to the server.</summary>
public static class MessagesRoom
{
    public static void AddMessages(this IServiceCollection services)
    {
        services.AddSingleton<AssistantMail>();
        services.AddSingleton<ContactBook>();
        services.AddSingleton<MessageBook>();
        services.AddSingleton<ChatEraser>();
    }
}
