using FocoBot.Accounts;
using FocoBot.Assistant;
using FocoBot.Channels;
using FocoBot.Devices;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Notifications;
using FocoBot.Oversight;
using FocoBot.PhoneLinks;
using FocoBot.Preferences;
using FocoBot.Security;
using FocoBot.Storage;
using FocoBot.Tasks;
using FocoBot.WebApp;

namespace FocoBot.Operations;

/// <summary>What the server is made of: each room adds its services and endpoints here, and nowhere else.</summary>
public static class Composition
{
    /// <summary>Registers every room.</summary>
    public static void AddFocoBot(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var development = builder.Environment.IsDevelopment();
        var options = ServerOptions.Load(builder.Configuration, development);

        builder.Logging.ClearProviders().AddRedactedConsole();
        if (ListenAddress.Choose(builder.Configuration, development) is { } url) builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(ConnectionLimits.Apply);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ConnectionLimits.Shutdown);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        var secrets = Secrets.Load(builder.Configuration, options.DataDirectory, development);
        services.AddSingleton(secrets);
        services.AddSingleton<Database>(provider => OpenDatabase(builder.Configuration, options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Keyring>();
        services.AddSingleton<Health>();
        services.AddSingleton(RetentionOptions.Load(builder.Configuration));
        services.AddHostedService<Retention>();
        services.AddHttp(builder.Configuration);
        services.AddApiDescription();
        services.AddEvents();
        services.AddAccounts(builder.Configuration, options);
        services.AddTasks();
        services.AddPhoneLinks();
        services.AddMessages();
        services.AddDevices(DeviceOptions.Load(builder.Configuration, secrets, development));
        services.AddNotifications();
        services.AddOversight();
        services.AddChannels(builder.Configuration);
        services.AddAssistant(builder.Configuration);
        services.AddWebApp();
    }

    /// <summary>Brings the store to its newest shape and opens the keyring; nothing is served before.</summary>
    public static async Task PrepareAsync(this WebApplication app, bool announce = true)
    {
        // One unit: under a wrong key the schema stays as it is, too.
        await app.Services.GetRequiredService<Database>().MigrateAsync(app.Services.GetRequiredService<Keyring>().OpenAsync, app.Lifetime.ApplicationStopping).ConfigureAwait(false);
        if (announce) await app.Services.GetRequiredService<FirstAdmin>().OfferAsync(Console.Out, app.Lifetime.ApplicationStopping).ConfigureAwait(false);
    }

    /// <summary>Maps every room's endpoints.</summary>
    public static void MapFocoBot(this WebApplication app)
    {
        app.UseHttp();
        app.UseAccounts();
        app.MapOpenApi("/openapi/v1.json").AllowAnonymous();
        app.MapHealth();
        app.MapAccounts();
        app.MapSettings();
        app.MapTasks();
        app.MapEvents();
        app.MapAssistant();
        app.MapPhoneLinks();
        app.MapDevices();
        app.MapNotifications();
        app.MapOversight();
        app.MapChannels();
        app.MapWebApp();
    }

    private static Database OpenDatabase(IConfiguration configuration, ServerOptions options, TimeProvider clock) =>
        configuration.GetConnectionString("Postgres") is { Length: > 0 } postgres
            ? PostgresDatabase.Open(postgres, clock)
            : SqliteDatabase.Open(Path.Combine(options.DataDirectory, "focobot.db"), clock);
}
