namespace FocoBot.Events;

/// <summary>What this room adds to the server.</summary>
public static class EventsRoom
{
    public static void AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<EventSignal>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<ReaderPlaces>();
    }

    public static void MapEvents(this IEndpointRouteBuilder app) => app.MapEventEndpoints();
}
