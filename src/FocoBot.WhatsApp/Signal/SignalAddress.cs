namespace FocoBot.WhatsApp.Signal;

/// <summary>What kind of user an address names. The numbers are part of stored names.</summary>
internal enum SignalDomain
{
    /// <summary>A user by phone number.</summary>
    PhoneNumber = 0,

    /// <summary>A user by hidden identity (LID).</summary>
    HiddenIdentity = 1,

    /// <summary>A device that Meta hosts for a phone number.</summary>
    HostedPhoneNumber = 128,

    /// <summary>A device that Meta hosts for a hidden identity.</summary>
    HostedHiddenIdentity = 129,
}

/// <summary>One device of one user, which has its own identity key, sessions and sender keys.</summary>
/// <param name="Name">The user, followed by <c>_</c> and the number of the domain unless that is 0.</param>
/// <param name="Device">The number of the device; 0 is the phone.</param>
internal readonly record struct SignalAddress(string Name, int Device)
{
    /// <summary>Names a device of a user.</summary>
    /// <param name="user">The user part of the JID.</param>
    /// <param name="domain">What kind of user it is.</param>
    /// <param name="device">The number of the device.</param>
    public static SignalAddress Of(string user, SignalDomain domain, int device) =>
        new(domain is SignalDomain.PhoneNumber ? user : $"{user}_{(int)domain}", device);

    /// <summary>As Baileys stores it: <c>user_1.3</c>.</summary>
    public string ToBaileysName() => $"{Name}.{Device}";

    /// <summary>As whatsmeow stores it: <c>user_1:3</c>.</summary>
    public string ToWhatsmeowName() => $"{Name}:{Device}";

    /// <summary>Doesn't tell the user, who may be a phone number.</summary>
    public override string ToString() => $"device {Device}";
}
