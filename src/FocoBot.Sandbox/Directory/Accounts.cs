using FocoBot.WhatsApp;

namespace FocoBot.Sandbox.Directory;

/// <summary>Everybody on the network, by number and by hidden identity.</summary>
internal sealed class Accounts
{
    // Hidden identities look like numbers, but have 15 digits.
    private const long FirstLid = 100_000_000_000_001;

    private readonly Dictionary<string, Account> _byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Account> _byLid = new(StringComparer.Ordinal);

    public IEnumerable<Account> All => _byNumber.Values;

    /// <summary>Makes an account; null when the number has one.</summary>
    public Account? Add(string number, string pushName)
    {
        var account = new Account(number, (FirstLid + (_byNumber.Count * 7_919L)).ToString(System.Globalization.CultureInfo.InvariantCulture), pushName);
        if (!_byNumber.TryAdd(number, account)) return null;
        _byLid.Add(account.Lid.User, account);
        return account;
    }

    /// <summary>Whose address this is, in any form and of any device.</summary>
    public Account? Find(Jid jid) => jid.Server switch
    {
        JidServer.User or JidServer.LegacyUser => _byNumber.GetValueOrDefault(jid.User),
        JidServer.Lid => _byLid.GetValueOrDefault(jid.User),
        _ => null,
    };

    public Account? Find(string number) => _byNumber.GetValueOrDefault(number);

    /// <summary>Whose number this is as people dial it: some countries have two ways to write one.</summary>
    public Account? FindDialled(string number) => Find(number) ?? (number switch
    {
        // Mexico: mobiles once had a 1. Argentina: from abroad they have a 9. Brazil: those of the north got a 9 later on.
        ['5', '2', '1', .. { Length: 10 } rest] => Find("52" + rest),
        ['5', '2', .. { Length: 10 } rest] => Find("521" + rest),
        ['5', '4', '9', .. { Length: 10 } rest] => Find("54" + rest),
        ['5', '4', .. { Length: 10 } rest] => Find("549" + rest),
        ['5', '5', _, _, '9', .. { Length: 8 } rest] => Find(number[..4] + rest),
        ['5', '5', _, _, .. { Length: 8 } rest] => Find(number[..4] + "9" + rest),
        _ => null,
    });

    /// <summary>The device that an address names.</summary>
    public Device? FindDevice(Jid jid) => Find(jid)?.Devices.GetValueOrDefault(jid.Device);
}
