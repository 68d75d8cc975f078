using FocoBot.Devices.Care;
using FocoBot.Devices.Chats;
using FocoBot.Devices.Files;
using FocoBot.Devices.Linking;
using FocoBot.Devices.Routing;
using FocoBot.Devices.Sending;
using FocoBot.Devices.Transfer;
using FocoBot.PhoneLinks;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Devices;

/// <summary>What this room adds to the server.</summary>
public static class DevicesRoom
{
    public static void AddDevices(this IServiceCollection services, DeviceOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<DeviceKeys>();
        services.AddSingleton<DeviceNetworks>();
        services.AddSingleton<OwnerNotices>();
        services.AddSingleton<DeviceJournal>();
        services.AddSingleton<StreamAddress>();
        services.AddSingleton<DeviceSupervisor>();
        services.AddSingleton<LinkingDesk>();
        services.AddSingleton<DeviceLock>();
        services.AddSingleton<TransferPlaces>();
        services.AddSingleton<OfferedFolders>();
        services.AddSingleton<DeviceTransfer>();
        services.AddSingleton<SendSignal>();
        services.AddSingleton<DeviceOutbox>();
        services.AddSingleton<Recipients>();
        services.AddSingleton<SendingPace>();
        services.AddSingleton<AssistantReplies>();
        services.AddSingleton<MediaSpool>();
        services.AddSingleton<MediaCourier>();
        services.AddSingleton<MediaReceiver>();
        services.AddSingleton<SendDesk>();
        services.AddSingleton<ChatDesk>();
        services.AddSingleton<RecentGroups>();
        services.AddSingleton<StuckMessages>();
        services.AddSingleton<PhoneWatch>();
        services.AddSingleton<Canary>();
        // Before the supervisor: it says which devices were linked when the server was stopped amid it.
        services.AddHostedService(provider => provider.GetRequiredService<LinkingDesk>());
        services.AddHostedService(provider => provider.GetRequiredService<DeviceSupervisor>());
        services.AddSingleton<WishedLinking>();
        services.AddSingleton<IDeviceWishReader>(provider => provider.GetRequiredService<WishedLinking>());
        services.AddHostedService(provider => provider.GetRequiredService<WishedLinking>());
        services.AddHostedService<DeviceSender>();
        services.AddHostedService<SpoolSweeper>();
        services.AddHostedService<CareRounds>();
        services.AddHostedService<NoticeMailer>();
    }

    public static void MapDevices(this IEndpointRouteBuilder app)
    {
        app.ServiceProvider.GetRequiredService<AssistantReplies>().Begin();
        var api = app.MapGroup("/api/integrations/whatsapp").WithTags("Devices").WithMetadata(new RequestSizeLimitAttribute(DeviceLimits.RequestBytes));
        api.AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store"; // codes and phones
            return await next(context).ConfigureAwait(false);
        });
        api.MapLinking();
        api.MapDeviceEndpoints();
        api.MapTransfers();
        api.MapDeviceStream();
        api.MapDeviceMessages();
        app.MapWhatsAppSettings();
        api.MapDeviceMedia();
        api.MapDeviceChats();
        api.MapDeviceGroups();
        api.MapDeviceContacts();
    }
}
