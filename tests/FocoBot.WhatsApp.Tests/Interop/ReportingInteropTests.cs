using FocoBot.WhatsApp.Messaging.Content;

namespace FocoBot.WhatsApp.Tests.Interop;

/// <summary>The tokens by which messages can be reported, as they arrive: our client (Ana's) writes, unmodified Baileys (Bob's) reads, his phone checks.</summary>
public class ReportingInteropTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_message_that_could_be_reported_carries_its_token_and_none_that_is_added_to_another()
    {
        await using var pair = await Pair.StartAsync();
        var (_, bob, client, peer) = pair;
        var group = (await client.CreateGroupAsync("Casa", [bob.Pn], Token)).Jid;
        foreach (var chat in (Jid[])[bob.Pn, bob.Lid, group])
        {
            var text = await client.SendTextAsync(chat, "hola", Token);
            await pair.SeenAsync(text.Id);
            Assert.True(await RightAsync(text));
            var poll = await client.SendAsync(chat, NewMessage.Poll("¿Cuándo?", ["hoy", "mañana"]), new SendOptions(), Token);
            await pair.SeenAsync(poll.Id);
            Assert.True(await RightAsync(poll));
            Assert.True(await RightAsync(await client.SendAsync(chat, NewMessage.Location(1, 2, "Playa"), new SendOptions(), Token)));
            Assert.True(await RightAsync(await client.EditAsync(text.Reference, "hola a todos", Token)));
            Assert.Null(await RightAsync(await client.ReactAsync(text.Reference, "👍", Token)));
            Assert.Null(await RightAsync(await client.VoteAsync(poll.Reference, ["hoy"], Token)));
        }

        async Task<bool?> RightAsync(SentMessage sent) => (await SandboxServer.ShownAsync(bob, shown => shown.Id == sent.Id)).IsReportingTokenRight;
    }
}
