using System.Text.Json;
using FocoBot.StandIns.Twilio;
using FocoBot.Storage;
using FocoBot.Tests.Accounts;
using FocoBot.Tests.Http;

namespace FocoBot.Tests.Devices.Care;

/// <summary>What tests of looking after devices do and ask.</summary>
internal static class CareSteps
{
    public const string Owner = "person1@example.com";
    private const string Business = "+5215512345678";

    /// <summary>A world whose server mails, and somebody in it.</summary>
    public static async Task<(DeviceWorld World, HttpClient Owner)> StartWithMailAsync(FakeMailServer post, params (string Name, string Value)[] settings)
    {
        var world = await DeviceWorld.StartAsync([("SMTP_URL", post.Url), ("FOCOBOT_REGISTRATION", "invite"), .. settings]);
        return (world, await world.Server.InvitedAsync(Owner));
    }

    /// <summary>The settings of a business channel.</summary>
    public static (string Name, string Value)[] SettingsOf(TwilioStandIn twilio) =>
    [
        ("TWILIO_ACCOUNT_SID", BusinessChannel.AccountSid), ("TWILIO_AUTH_TOKEN", BusinessChannel.AuthToken), ("TWILIO_WHATSAPP_NUMBER", BusinessChannel.Number),
        ("TWILIO_API_BASE_URL", twilio.BaseUrl.ToString()), ("TWILIO_MESSAGES_PER_SECOND", "1000"),
    ];

    public static Task<TwilioStandIn> StartTwilioAsync() => TwilioStandIn.StartAsync(new TwilioStandInOptions { AccountSid = BusinessChannel.AccountSid, AuthToken = BusinessChannel.AuthToken });

    /// <summary>The owner has a phone on the business channel, and wrote from it so long ago.</summary>
    public static Task WithBusinessPhoneAsync(this DeviceWorld world, TimeSpan ago, string phone = Business) => world.Server.Database.AsService("test").WriteAsync(async work =>
    {
        var now = world.Clock.GetUtcNow();
        await work.ExecuteAsync(
            "INSERT INTO whatsapp_user_links (id, user_id, phone, address, verified, linked_at, created_at, updated_at) SELECT @id, id, @phone, @address, true, @now, @now, @now FROM accounts WHERE email = @Owner",
            new { id = Ids.New(world.Clock), phone, address = "whatsapp:" + phone, now, Owner });
        await work.ExecuteAsync("INSERT INTO contacts (address, phone, last_inbound_at, created_at) VALUES (@address, @phone, @wrote, @now)", new { address = "whatsapp:" + phone, phone, wrote = now - ago, now });
    });

    /// <summary>What the owner was told, as the web shows it.</summary>
    public static async Task<List<JsonElement>> NoticesAsync(HttpClient owner) =>
        [.. (await owner.OkGetAsync("/api/events?limit=500")).GetProperty("items").EnumerateArray().Where(happened => happened.Text("type") == "device.notice").Select(happened => happened.GetProperty("data"))];

    /// <summary>Waits until the owner was told of something as the last of so many notices; that one.</summary>
    public static async Task<JsonElement> NoticeAsync(HttpClient owner, string kind, int count = 1)
    {
        var all = new List<JsonElement>();
        await DeviceWorld.UntilAsync(async () => (all = await NoticesAsync(owner)).Count >= count, () => string.Join(", ", all));
        Assert.Equal((count, kind), (all.Count, all[^1].Text("kind")));
        return all[^1];
    }

    /// <summary>Moves the time on until something holds.</summary>
    public static Task AdvanceUntilAsync(this DeviceWorld world, Func<Task<bool>> holds, Func<string>? what = null) => world.AdvanceUntilAsync(DeviceWorld.UntilAsync(holds, what));

    public static async Task<string?> HealthAsync(this Device device) => (await device.StatusAsync()).Text("health");

    public static Task UntilStatusAsync(this Device device, string status) => DeviceWorld.UntilAsync(async () => (await device.StatusAsync()).Text("status") == status);

    public static async Task<HttpResponseMessage> RefreshAsync(this Device device) => await device.Browser.PostAsync(DeviceWorld.PathOf($"device/{device.Id}/refresh"), null);
}
