using System.Security.Cryptography;
using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;

namespace FocoBot.Sandbox.Queries;

/// <summary>Privacy tokens: each account gives them to those who may write to it, who show them to the server.</summary>
internal sealed class TokenQueries(SandboxNetwork network)
{
    private const int TokenBytes = 11;

    public Node Issue(Device device, Node query)
    {
        foreach (var wanted in query.RequireChild("tokens").ChildrenOf("token"))
        {
            if (wanted["type"] != PrivacyTokens.TrustedContact || network.Accounts.Find(wanted.RequireJid("jid")) is not { } other || other == device.Account) continue;
            var token = new byte[TokenBytes];
            network.Random.GetBytes(token);
            device.Account.Tokens[other] = new GivenToken(token, wanted.GetNumber("t") ?? network.Clock.GetUtcNow().ToUnixTimeSeconds());
            foreach (var receiver in other.Devices.Values)
                network.Relay.Deliver(receiver, new Node("notification",
                    [("from", device.Account.Pn), ("sender_lid", device.Account.Lid), ("type", "privacy_token"), ("id", network.NewId()), ("t", network.Now)],
                    new Node("tokens", new Node("token", [("jid", receiver.Lid), ("type", PrivacyTokens.TrustedContact), ("t", wanted["t"] ?? network.Now)], token))));
        }

        return Stanzas.Result(query);
    }

    /// <summary>Whether somebody is welcome: shows a token (as <c>tctoken</c>, or by another name), if one is needed.</summary>
    public static bool IsWelcome(Account who, Account to, Node? shown, string name = "tctoken")
    {
        if (who == to || !to.RequiresTokens) return true;
        if (shown?.Child(name) is { } token) return to.Tokens.TryGetValue(who, out var given) && CryptographicOperations.FixedTimeEquals(token.Content.Bytes.Span, given.Bytes);
        return who.ChatTokenSalt.Length > 0 && shown?.Child("cstoken") is { } own
            && CryptographicOperations.FixedTimeEquals(own.Content.Bytes.Span, PrivacyTokens.ChatToken(who.ChatTokenSalt, to.Lid.ToString()));
    }
}
