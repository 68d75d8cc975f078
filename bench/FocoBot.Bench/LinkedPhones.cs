using System.Globalization;
using FocoBot.Accounts;
using FocoBot.Channels;
using FocoBot.Events;
using FocoBot.Http;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.Extensions.Configuration;

namespace FocoBot.Bench;

/// <summary>
/// Many people with an account and a linked phone, put into a store that no server has open yet. Each has asked for a code and
/// written it from the phone: the rows are those that the server itself writes then.
/// </summary>
public static class LinkedPhones
{
    private const string Code = "246810";
    private const int PeopleAUnit = 50;
    private const int UnitsAtOnce = 4;

    /// <summary>The address person <paramref name="index"/> writes from.</summary>
    public static string Address(int index) => string.Create(CultureInfo.InvariantCulture, $"whatsapp:+52155{index:D8}");

    /// <summary>Brings the store to its newest shape and adds people 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="database">The store.</param>
    /// <param name="configuration">The settings the server will be started with; it must find the same secrets.</param>
    /// <param name="count">How many people.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task AddAsync(Database database, IConfiguration configuration, int count, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var options = ServerOptions.Load(configuration, development: false);
        var secrets = Secrets.Load(configuration, options.DataDirectory, development: false);
        var keyring = new Keyring(secrets, clock);
        var events = new EventLog(keyring, new EventSignal(), clock);
        var fingerprints = new Fingerprints(secrets, clock);
        var linking = new PhoneLinking(secrets, fingerprints, new BotSessions(fingerprints, events, options, clock), new Outbox(keyring, new OutboxSignal(), clock), events, new WishSignal(), clock);

        await database.MigrateAsync(keyring.OpenAsync, cancellation).ConfigureAwait(false);
        var together = new ParallelOptions { MaxDegreeOfParallelism = UnitsAtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, (count + PeopleAUnit - 1) / PeopleAUnit, together, async (unit, stop) =>
            await database.AsService("seed").WriteAsync(async work =>
            {
                for (var i = unit * PeopleAUnit; i < Math.Min(count, (unit + 1) * PeopleAUnit); i++) await AddOneAsync(work, i).ConfigureAwait(false);
            }, stop).ConfigureAwait(false)).ConfigureAwait(false);

        async Task AddOneAsync(Work work, int index)
        {
            Email.TryParse(string.Create(CultureInfo.InvariantCulture, $"person{index}@example.com"), out var email);
            var account = await new NewAccount(email, "no password", NewAccount.DefaultLanguage, NewAccount.DefaultTimeZone)
                .CreateAsync(work, keyring, clock, options, admin: false).ConfigureAwait(false);
            var sender = new ChannelSender(ChannelNames.Twilio, Address(index));
            var (id, now) = (Ids.New(clock), clock.GetUtcNow());
            await work.ExecuteAsync(
                """
                INSERT INTO whatsapp_user_links (id, user_id, phone, code_hash, code_purpose, code_expires_at, created_at, updated_at)
                VALUES (@id, @account, @Phone, @hash, @purpose, @expires, @now, @now)
                """,
                new { id, account, sender.Phone, hash = LinkCode.Hash(secrets.Pepper, id, CodePurpose.Inbound, Code), purpose = CodePurpose.Inbound, expires = now + LinkLimits.CodeLife, now }).ConfigureAwait(false);
            var verified = await linking.VerifyInboundAsync(work, sender, Code).ConfigureAwait(false);
            if (verified.Result != VerifyResult.Linked) throw new InvalidOperationException($"Person {index} could not be linked: {verified.Result}.");
        }
    }
}
