using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Notifications;

/// <summary>What this room adds to the server.</summary>
public static class NotificationsRoom
{
    public static void AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<NotificationBook>();
        services.AddSingleton<NotificationCarriers>();
        services.AddHostedService<NotificationSender>();
    }

    public static void MapNotifications(this IEndpointRouteBuilder app) =>
        app.MapGroup("/api/notifications").WithTags("Notifications").WithMetadata(new RequestSizeLimitAttribute(NotificationLimits.RequestBytes)).MapNotificationEndpoints();
}
