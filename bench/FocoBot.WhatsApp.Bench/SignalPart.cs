using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Messages;
using FocoBot.WhatsApp.Signal.Sessions;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Bench;

/// <summary>
/// Sessions and sender keys, each call with its loading and storing: ours over the in-memory reference store, Baileys' repository over an
/// in-memory key store within its transactions.
/// </summary>
internal sealed class SignalPart
{
    private const string Group = "120363000000000000@g.us";
    private static readonly SignalAddress AliceAddress = new("100000000000001_1", 0), BobAddress = new("100000000000002_1", 0);
    private static readonly byte[] Text = Padding.Pad(new byte[45], 7);

    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly Party _alice, _bob;
    private readonly Queue<byte[]> _waiting = new();
    private readonly List<SignalAddress> _strangers = [];
    private PreKeyBundle[] _bundles = [];
    private uint _lastPreKey;

    private SignalPart() => (_alice, _bob) = (new(_random), new(_random));

    public static async Task RunAsync()
    {
        using var random = RandomNumberGenerator.Create();
        var part = new SignalPart();
        await part.OpenAsync();
        var ours = new Local(part.Works());
        await using var theirs = Worker.Baileys("baileys-parts.mjs");
        await theirs.AskAsync(new { signal = true });
        Contest.Head("Signal, 45-byte text", "Baileys");
        await Contest.RunAsync("encrypt, same chain", ours, theirs, "≥ 10");
        await Contest.RunAsync("decrypt, same chain", ours, theirs, "≥ 10");
        await Contest.RunAsync("ratchet turn there and back (2 encrypted, 2 decrypted)", ours, theirs, "≥ 10");
        await Contest.RunAsync("new session from a bundle, first message encrypted and decrypted", ours, theirs, "≥ 10");
        await Contest.RunAsync("group encrypt", ours, theirs, "≥ 100");
        await Contest.RunAsync("group decrypt", ours, theirs, "≥ 100");
    }

    private Dictionary<string, Work> Works() => new()
    {
        ["encrypt, same chain"] = new(
            async count =>
            {
                // Nobody gets these: afterwards everything is as before.
                var before = _alice.Store.Sessions[BobAddress];
                await RepeatAsync(count, _ => _alice.Sessions.EncryptAsync(BobAddress, Text, default));
                _alice.Store.Sessions[BobAddress] = before;
            }),
        ["decrypt, same chain"] = new(
            count => RepeatAsync(count, _ => _bob.Sessions.DecryptAsync(AliceAddress, MessageKind.Message, _waiting.Dequeue(), default)),
            async count =>
            {
                await TurnAsync();
                await RepeatAsync(count, async _ => _waiting.Enqueue((await _alice.Sessions.EncryptAsync(BobAddress, Text, default)).Message));
            }),
        ["ratchet turn there and back (2 encrypted, 2 decrypted)"] = Each(TurnAsync),
        ["new session from a bundle, first message encrypted and decrypted"] = new(StartSessionsAsync, PrepareBundlesAsync),
        ["group encrypt"] = Each(() => _alice.Sessions.EncryptForGroupAsync(Group, AliceAddress, Text, default)),
        ["group decrypt"] = new(
            count => RepeatAsync(count, _ => _bob.Sessions.DecryptFromGroupAsync(Group, AliceAddress, _waiting.Dequeue(), default)),
            async count =>
            {
                await ShareSenderKeyAsync();
                await RepeatAsync(count, async _ => _waiting.Enqueue(await _alice.Sessions.EncryptForGroupAsync(Group, AliceAddress, Text, default)));
            }),
    };

    private async Task OpenAsync()
    {
        await _alice.Sessions.StartAsync(BobAddress, Bundle(), default);
        await TurnAsync();
        await ShareSenderKeyAsync();
    }

    private async Task ShareSenderKeyAsync() =>
        await _bob.Sessions.ProcessDistributionAsync(Group, AliceAddress, await _alice.Sessions.DistributeAsync(Group, AliceAddress, renew: true, default), default);

    private async Task TurnAsync()
    {
        await PassAsync(_alice, AliceAddress, _bob, BobAddress);
        await PassAsync(_bob, BobAddress, _alice, AliceAddress);
    }

    private static async Task PassAsync(Party from, SignalAddress fromAddress, Party to, SignalAddress toAddress)
    {
        var (kind, message) = await from.Sessions.EncryptAsync(toAddress, Text, default);
        await to.Sessions.DecryptAsync(fromAddress, kind, message, default);
    }

    private Task PrepareBundlesAsync(int count)
    {
        foreach (var stranger in _strangers)
        {
            _alice.Store.Sessions.Remove(stranger);
            _alice.Store.Identities.Remove(stranger);
            _bob.Store.Sessions.Remove(stranger);
            _bob.Store.Identities.Remove(stranger);
        }

        _strangers.Clear();
        _strangers.AddRange(Enumerable.Range(1, count).Select(i => new SignalAddress($"2000000{i:D8}_1", 0)));
        _bundles = [.. Enumerable.Range(0, count).Select(_ => Bundle())];
        return Task.CompletedTask;
    }

    private Task StartSessionsAsync(int count) => RepeatAsync(count, async i =>
    {
        await _alice.Sessions.StartAsync(_strangers[i], _bundles[i], default);
        var (kind, message) = await _alice.Sessions.EncryptAsync(_strangers[i], Text, default);
        await _bob.Sessions.DecryptAsync(_strangers[i], kind, message, default);
    });

    private PreKeyBundle Bundle()
    {
        var preKey = KeyPair.Generate(_random);
        _bob.Store.PreKeys[++_lastPreKey] = InMemorySignalStore.Pack(preKey);
        return new()
        {
            RegistrationId = 2,
            IdentityKey = _bob.Identity.Public.ToArray(),
            SignedPreKeyId = 1,
            SignedPreKey = _bob.SignedPreKey.Public.ToArray(),
            Signature = _bob.Signature,
            PreKey = (_lastPreKey, preKey.Public.ToArray()),
        };
    }

    private static Work Each(Func<Task> once) => new(count => RepeatAsync(count, _ => once()));

    private static async Task RepeatAsync(int count, Func<int, Task> once)
    {
        for (var i = 0; i < count; i++)
            await once(i);
    }

    private sealed class Party
    {
        public Party(RandomNumberGenerator random)
        {
            (Identity, SignedPreKey) = (KeyPair.Generate(random), KeyPair.Generate(random));
            XEdDsa.Sign(Identity.Private.Span, [5, .. SignedPreKey.Public.Span], RandomNumberGenerator.GetBytes(XEdDsa.RandomSize), Signature);
            Store.SignedPreKeys[1] = InMemorySignalStore.Pack(SignedPreKey);
            Sessions = new(new(Identity, 1), Store, random);
        }

        public KeyPair Identity { get; }

        public KeyPair SignedPreKey { get; }

        public byte[] Signature { get; } = new byte[XEdDsa.SignatureSize];

        public InMemorySignalStore Store { get; } = new();

        public SignalSessions Sessions { get; }
    }
}
