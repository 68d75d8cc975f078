using System.Globalization;
using System.Net.Http.Json;
using FocoBot.Accounts;
using FocoBot.Channels;
using FocoBot.Devices;
using FocoBot.Devices.Transfer;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Security;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Bench;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Bench.Devices;

/// <summary>A device that is linked: who may send through it, and whose it is.</summary>
internal sealed record LinkedFixture(Guid Id, string Key, string Phone);

/// <summary>Devices that were linked for real, each to a virtual phone of its own, and put into a store that no server has open: five an account, as people have them.</summary>
internal sealed class DeviceFixtures(Database database, IConfiguration configuration, SandboxProcess sandbox)
{
    private const int DevicesAnAccount = 5;
    private const int LinksAtOnce = 8;

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly HttpClient _http = new();

    /// <summary>Brings the store to its newest shape.</summary>
    public Task MigrateAsync() => database.MigrateAsync(KeyringOf().OpenAsync, CancellationToken.None);

    /// <summary>Adds phones and links a device to each.</summary>
    public async Task<List<LinkedFixture>> AddAsync(int count)
    {
        var numbers = await sandbox.AddPhonesAsync(count).ConfigureAwait(false);
        var fixtures = new List<LinkedFixture>[(count + DevicesAnAccount - 1) / DevicesAnAccount];
        await Parallel.ForAsync(0, fixtures.Length, new ParallelOptions { MaxDegreeOfParallelism = LinksAtOnce }, async (account, _) =>
        {
            var own = numbers.Skip(account * DevicesAnAccount).Take(DevicesAnAccount).ToList();
            var devices = new List<ImportedDevice>();
            foreach (var number in own) devices.Add(await LinkAsync(number).ConfigureAwait(false));
            fixtures[account] = await StoreAsync(devices).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return [.. fixtures.SelectMany(fixture => fixture)];
    }

    private async Task<ImportedDevice> LinkAsync(string number)
    {
        var store = new InMemoryDeviceStore();
        await using (var client = new WhatsAppClient(new WhatsAppClientOptions { Uri = new Uri(sandbox.WebSocketUrl), RootKey = Convert.FromBase64String(sandbox.RootKey), Store = store }))
        {
            var scanning = ScanAsync(client, number);
            await client.LinkByQrAsync().ConfigureAwait(false);
            await scanning.ConfigureAwait(false);
        }

        var records = await ImportedDevice.AllOfAsync(store, CancellationToken.None).ConfigureAwait(false);
        return await ImportedDevice.OfBundleAsync(records, isCopy: false, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ScanAsync(WhatsAppClient client, string number)
    {
        await foreach (var happened in client.Events.ConfigureAwait(false))
        {
            if (happened is not QrCodeShown qr) continue;
            using var answer = await _http.PostAsJsonAsync($"{sandbox.Url}sandbox/phones/{number}/scan", new { qr = qr.Text }).ConfigureAwait(false);
            answer.EnsureSuccessStatusCode();
            return;
        }
    }

    private async Task<List<LinkedFixture>> StoreAsync(List<ImportedDevice> devices)
    {
        var (keyring, secrets, options) = (KeyringOf(), SecretsOf(), OptionsOf());
        var keys = new DeviceKeys(secrets, _clock);
        var events = new EventLog(keyring, new EventSignal(), _clock);
        var messages = new MessageBook(events, new AssistantMail(new Inbox(database, keyring, new InboxSignal(), _clock)), new ContactBook(_clock), _clock);
        var secret = ApiKeys.Prefix + SecretToken.New();
        return await database.AsService("seed").WriteAsync(async work =>
        {
            Email.TryParse(string.Create(CultureInfo.InvariantCulture, $"p{Ids.New(_clock):N}@example.com"), out var email);
            var account = await new NewAccount(email, "no password", NewAccount.DefaultLanguage, NewAccount.DefaultTimeZone).CreateAsync(work, keyring, _clock, options, admin: false).ConfigureAwait(false);
            var now = _clock.GetUtcNow();
            await work.ExecuteAsync(
                "INSERT INTO api_keys (id, user_id, name, prefix, key_hash, scopes, created_at) VALUES (@id, @account, 'bench', @prefix, @hash, @scopes, @now)",
                new { id = Ids.New(_clock), account, prefix = secret[..11], hash = SecretToken.Hash(secret), scopes = string.Join(' ', Scopes.All), now }).ConfigureAwait(false);
            var made = new List<LinkedFixture>();
            foreach (var device in devices)
            {
                var id = Ids.New(_clock);
                var (key, wrapped) = keys.Make(id);
                await work.ExecuteAsync(
                    """
                    INSERT INTO whatsapp_devices (id, user_id, device_name, device_type, status, auth_keys, link_method, linked_at, created_at, updated_at, network, consent)
                    VALUES (@id, @account, 'FocoBot', 'desktop', 'active', @wrapped, 'qr_code', @now, @now, @now, @Network, 'all')
                    """, new { id, account, wrapped, now, Network = DeviceNetworks.Sandbox }).ConfigureAwait(false);
                await DeviceTable.KeepIdentityAsync(work, id, device.Own, now, isConnected: false).ConfigureAwait(false);
                await new DeviceStore(database, messages, new KeptDevice(id, account, key), epoch: 0).StoreAsync(work, device.Records).ConfigureAwait(false);
                made.Add(new LinkedFixture(id, secret, device.Own.PhoneJid!.Value.User));
            }

            return made;
        }).ConfigureAwait(false);
    }

    private Secrets SecretsOf() => Secrets.Load(configuration, OptionsOf().DataDirectory, development: true);

    private ServerOptions OptionsOf() => ServerOptions.Load(configuration, development: true);

    private Keyring KeyringOf() => new(SecretsOf(), _clock);
}
