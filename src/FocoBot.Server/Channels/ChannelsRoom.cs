using FocoBot.Channels.Twilio;
using FocoBot.Channels.Web;
using FocoBot.Http;
using FocoBot.Security;

namespace FocoBot.Channels;

/// <summary>What this room adds to the server.</summary>
public static class ChannelsRoom
{
    public static void AddChannels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<InboxSignal>();
        services.AddSingleton<Inbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Inbox>());
        services.AddSingleton<ChatEndpoint>();

        var twilio = TwilioOptions.Read(configuration);
        if (twilio.Problems.Count > 0) throw new StartupException(string.Join(Environment.NewLine, twilio.Problems));
        services.AddTwilio(twilio);
        services.AddSingleton<DeliveryStatuses>();
        services.AddSingleton<RefusedWebhooks>();
        services.AddHostedService(provider => provider.GetRequiredService<RefusedWebhooks>());
        services.AddSingleton<WebhookEndpoint>();
        if (twilio.IsConfigured) services.AddHostedService<TwilioSender>();
    }

    public static void MapChannels(this IEndpointRouteBuilder app)
    {
        var webhook = app.ServiceProvider.GetRequiredService<WebhookEndpoint>();
        app.MapGet(WebhookEndpoint.Path, webhook.Health).AllowAnonymous()
            .WithTags("WhatsApp").WithName("webhookHealth");
        app.MapPost(WebhookEndpoint.Path, (Delegate)webhook.ReceiveAsync).AllowAnonymous().WithMetadata(new SignedByCallerAttribute())
            .WithTags("WhatsApp").WithName("webhook");
        ChatEndpoint.Map(app);
        app.MapChatHistory();
    }
}
