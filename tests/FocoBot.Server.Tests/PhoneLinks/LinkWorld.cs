using System.Net;
using FocoBot.Accounts;
using FocoBot.Channels;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Tests.PhoneLinks;

/// <summary>The room of phone links on a database of its own, with people who have accounts and phones.</summary>
internal sealed class LinkWorld : IAsyncDisposable
{
    public const string Ana = "whatsapp:+5215512345678";

    private readonly TestDatabase _data;

    private LinkWorld(TestDatabase data, Database database, FakeClock clock, Secrets secrets, Keyring keyring)
    {
        _data = data;
        Database = database;
        Clock = clock;
        Keyring = keyring;
        Events = new EventLog(keyring, new EventSignal(), clock);
        Options = ServerOptions.Load(new ConfigurationBuilder().Build(), development: true);
        Fingerprints = new Fingerprints(secrets, clock);
        Sessions = new BotSessions(Fingerprints, Events, Options, clock);
        var outbox = new Outbox(keyring, new OutboxSignal(), clock);
        Linking = new PhoneLinking(secrets, Fingerprints, Sessions, outbox, Events, new WishSignal(), clock);
        Codes = new CodeRequests(secrets, outbox, clock);
    }

    public Database Database { get; }
    public FakeClock Clock { get; }
    public Keyring Keyring { get; }
    public EventLog Events { get; }
    public ServerOptions Options { get; }
    public Fingerprints Fingerprints { get; }
    public BotSessions Sessions { get; }
    public PhoneLinking Linking { get; }
    public CodeRequests Codes { get; }

    public static async Task<LinkWorld> CreateAsync()
    {
        var data = await TestDatabase.CreateAsync();
        var clock = new FakeClock();
        var database = await data.OpenAsync(clock);
        var secrets = Secrets.Load(new ConfigurationBuilder().Build(), data.Directory, development: true);
        var keyring = new Keyring(secrets, clock);
        await database.AsService("test").WriteAsync(keyring.OpenAsync, CancellationToken.None);
        return new LinkWorld(data, database, clock, secrets, keyring);
    }

    public Task<T> DoAsync<T>(Func<Work, Task<T>> unit) => Database.AsService("test").WriteAsync(unit);

    public Task DoAsync(Func<Work, Task> unit) => Database.AsService("test").WriteAsync(unit);

    /// <summary>A new account, signed in with a web session.</summary>
    public Task<Caller> SignUpAsync(string language = "es") => SignUpAsync(Database, Keyring, Clock, language);

    public static Task<Caller> SignUpAsync(Database database, Keyring keyring, TimeProvider clock, string language) => database.AsService("test").WriteAsync(async work =>
    {
        var id = Ids.New(clock);
        await work.ExecuteAsync("INSERT INTO accounts (id, email, email_key, language, created_at, updated_at) VALUES (@id, @email, @email, @language, @now, @now)",
            new { id, email = $"{id}@example.com", language, now = clock.GetUtcNow() });
        await keyring.MakeForAccountAsync(work, id);
        return new Caller(id, Ids.New(clock), null, false);
    });

    /// <summary>Asks for a code to send from <paramref name="phone"/> (null: hidden number).</summary>
    public Task<CodeIssue> ShowAsync(Caller caller, string? phone, string? ip = null) =>
        DoAsync(work => Codes.ShowAsync(work, caller, phone is null ? null : PhoneNumber.Parse(phone)!, Origin(ip)));

    /// <summary>Asks for a code to be sent to <paramref name="phone"/>.</summary>
    public Task<CodeIssue> SendAsync(Caller caller, string phone, string? ip = null) => DoAsync(work => Codes.SendAsync(work, caller, PhoneNumber.Parse(phone)!, Origin(ip)));

    public Task<VerifyOutcome> WriteAsync(string address, string code, string? externalUserId = null) =>
        DoAsync(work => Linking.VerifyInboundAsync(work, Sender(address, externalUserId), code));

    public Task<VerifyOutcome> TypeAsync(Caller caller, string phone, string code) =>
        DoAsync(work => Linking.VerifyTypedAsync(work, caller, PhoneNumber.Parse(phone)!, code, Origin(null)));

    public Task<VerifyOutcome?> SayYesAsync(string address, string? externalUserId = null) => DoAsync(work => Linking.ConfirmMoveAsync(work, Sender(address, externalUserId)));

    /// <summary>Links <paramref name="address"/> to a caller by a code from that address.</summary>
    public async Task LinkAsync(Caller caller, string address, string? externalUserId = null)
    {
        var issue = await ShowAsync(caller, Sender(address).Phone);
        Assert.Equal(VerifyResult.Linked, (await WriteAsync(address, issue.Code!, externalUserId)).Result);
    }

    /// <summary>What the pipeline does with each message; null for a stranger.</summary>
    public Task<SessionVerdict?> MessageAsync(string address, string? externalUserId = null) => DoAsync(async Task<SessionVerdict?> (work) =>
    {
        var sender = Sender(address, externalUserId);
        return await BotSessions.FindAsync(work, sender) is { } link ? await Sessions.CheckAsync(work, link, sender) : null;
    });

    /// <summary>The code in the newest message to <paramref name="address"/>.</summary>
    public async Task<string> ReceivedCodeAsync(Caller caller, string address) => (await OutgoingAsync(caller, address)).Last().TemplateValues[0];

    public async Task<List<OutboxBody>> OutgoingAsync(Caller caller, string address)
    {
        var key = await DoAsync(async work => await Keyring.OfAsync(work, caller.AccountId));
        var rows = await DoAsync(work => work.QueryAsync<OutboxRow>("SELECT id, body FROM outbox WHERE address = @address AND user_id = @AccountId ORDER BY id", new { address, caller.AccountId }));
        return rows.ConvertAll(row => key.OpenJson<OutboxBody>(Outbox.BodyColumn, row.Id, row.Body));
    }

    public Task<List<PhoneLink>> LinksAsync(Caller caller) => DoAsync(work => PhoneLinking.ListAsync(work, caller.AccountId));

    public Task<List<string>> AuditAsync(Caller? caller = null) => DoAsync(work => work.QueryAsync<string>(
        "SELECT action_type FROM whatsapp_security_audit_log WHERE @everyone OR user_id = @id ORDER BY id", new { everyone = caller is null, id = caller?.AccountId }));

    public async Task<List<string>> EventsAsync(Caller caller) => (await DoAsync(work => Events.ReadAsync(work, caller.AccountId, 0, 100))).ConvertAll(entry => entry.Type);

    public Task<long> CountAsync(string table, string where = "true") => DoAsync(work => work.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE {where}"));

    public static ChannelSender Sender(string address, string? externalUserId = null) => new(ChannelNames.Twilio, address, externalUserId, "SM1");

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _data.DisposeAsync();
    }

    private static RequestOrigin Origin(string? ip) => new(ip is null ? null : IPAddress.Parse(ip), "test");

    private sealed record OutboxRow(Guid Id, byte[] Body);
}
