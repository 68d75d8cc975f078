using System.Globalization;
using FocoBot.Devices.Care;
using FocoBot.Http;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Pairing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices;

/// <summary>What is wrong with a device or an attempt to link one: a code for programs, and words for people.</summary>
/// <param name="Code">One of the product's codes.</param>
/// <param name="Status">The HTTP status that goes with it.</param>
/// <param name="Message">What to do about it.</param>
internal sealed record DeviceTrouble(string Code, int Status, string Message)
{
    public static readonly DeviceTrouble QrExpired = new("QR_EXPIRED", 410, "The QR code was not scanned in time. Ask for a new one.");
    public static readonly DeviceTrouble CodeExpired = new("PAIRING_CODE_EXPIRED", 410, "The code was not entered in time. Ask for a new one.");
    public static readonly DeviceTrouble Cancelled = new("LINKING_CANCELLED", 409, "Linking was cancelled.");
    public static readonly DeviceTrouble AlreadyLinked = new("DEVICE_ALREADY_LINKED", 409, "This WhatsApp account is linked already.");
    public static readonly DeviceTrouble WrongPhone = new("INVALID_PHONE", 422, "Another phone than the one you named has scanned the code; it was unlinked again.");
    public static readonly DeviceTrouble Unknown = new("NOT_FOUND", 404, "There is no such device.");
    public static readonly DeviceTrouble NotLoggedOut = new("DEVICE_ALREADY_LINKED", 409, "Only a device that was removed on the phone or has expired is linked again. This one is linked, or is just being linked.");
    public static readonly DeviceTrouble OtherPhone = new("INVALID_PHONE", 422, "The device belongs to another phone number. Link that one again, or a new device.");
    public static readonly DeviceTrouble LimitReached = new("DEVICE_LIMIT_REACHED", 409, "You have as many linked devices as you may. Unlink one first.");
    public static readonly DeviceTrouble Disconnected = new("DEVICE_DISCONNECTED", 409, "The device is not connected to WhatsApp.");
    public static readonly DeviceTrouble BeingLinked = new("DEVICE_DISCONNECTED", 409, "The device is just being linked. It takes messages once that is done.");
    public static readonly DeviceTrouble LoggedOut = new("SESSION_INVALID", 409, "The device was removed on the phone. Link it again.");
    public static readonly DeviceTrouble Replaced = new("CONNECTION_REPLACED", 409, "Another program has connected with this device. Refresh it once that one is off.");
    public static readonly DeviceTrouble Exported = new("EXPORTED", 409, "The device was handed out as a file. Refresh it to go on with it here, once nobody uses it elsewhere.");
    public static readonly DeviceTrouble UnusedCopy = new("DEVICE_DISCONNECTED", 409, "The device is a copy that has not been connected yet. Connect it first: Baileys can't go on with a copy.");
    public static readonly DeviceTrouble Banned = new("DEVICE_BANNED", 403, "WhatsApp has restricted this account. Look at the phone for the reason.");
    public static readonly DeviceTrouble Locked = new("ACCOUNT_LOCKED", 409, "The account is locked. Its owner lifts that with the password.");
    public static readonly DeviceTrouble Interrupted = new("CONNECTION_CLOSED", 503, "The connection to WhatsApp ended. Try again.");
    public static readonly DeviceTrouble ServerFull = new("CONNECTION_CLOSED", 503, "This server has as many connections as it may. Whoever runs it can raise WHATSAPP_MAX_CONNECTIONS_PER_SERVER.");
    public static readonly DeviceTrouble MediaGone = new("MEDIA_GONE", 410, "WhatsApp no longer has the file, nor has the phone; or what it has is another one.");
    public static readonly DeviceTrouble TimedOut = new("CONNECTION_TIMEOUT", 504, "WhatsApp did not answer in time. Try again.");

    /// <summary>Why an attempt to link failed.</summary>
    public static DeviceTrouble Of(LinkingException failed) => failed.Failure switch
    {
        LinkingFailure.QrExpired => QrExpired,
        LinkingFailure.CodeExpired => CodeExpired,
        LinkingFailure.CodeRefused => new("INVALID_PHONE", 422, "WhatsApp gives no code for this number: it has no WhatsApp account, or can't be linked by code. Try the QR code."),
        LinkingFailure.RateLimited => new("RATE_LIMITED", 429, "WhatsApp wants fewer requests for codes. Wait a minute."),
        LinkingFailure.PasskeyExpired or LinkingFailure.PasskeyRefused => new("PASSKEY_REQUIRED", 409, "This account wants its passkey, and it was not used in time or not accepted."),
        LinkingFailure.PasskeyNotConfirmed => new("AUTHENTICATION_FAILED", 401, "The codes on the phone and here were not the same: somebody may stand between. Try again on another network."),
        LinkingFailure.HmacMismatch or LinkingFailure.SignatureMismatch => new("AUTHENTICATION_FAILED", 401, "The phone's answer could not be verified: somebody may stand between. Try again on another network."),
        _ => Interrupted,
    };

    /// <summary>Why a device is not connected; null when that passes by itself.</summary>
    public static DeviceTrouble? Of(ConnectionEnd end) => end.Cause switch
    {
        EndCause.LoggedOut => LoggedOut,
        EndCause.Replaced or EndCause.TakenOver => Replaced,
        _ when IsBan(end) => BanOf(end),
        EndCause.ClientOutdated or EndCause.ClientRefused => new("AUTHENTICATION_FAILED", 401, "WhatsApp no longer accepts this version of FocoBot. Update it."),
        _ => null,
    };

    /// <summary>Whether WhatsApp wants nothing more of this device for now, or ever.</summary>
    public static bool IsBan(ConnectionEnd end) => end.Cause is EndCause.Banned or EndCause.AccountLocked or EndCause.NoLinkedDevices or EndCause.TemporarilyBanned;

    /// <summary>Why a device could not be taken to work; null for a fault of ours.</summary>
    public static DeviceTrouble? OfOpening(Exception failed) => failed switch
    {
        // At this very moment it was handed out, or removed.
        DeviceTakenOverException => Exported,
        ServerFullException => ServerFull,
        HttpRequestException => Interrupted,
        _ => null,
    };

    /// <summary>Why a device takes no messages; null when it does, connected or not.</summary>
    public static DeviceTrouble? OfSending(DeviceRow row) => row switch
    {
        { Status: "revoked" or "expired" } => LoggedOut,
        { Status: "pending" or "linking" } => BeingLinked,
        { IsExported: true } => Exported,
        { ErrorCode: "DEVICE_BANNED" } => Banned with { Message = row.ErrorMessage ?? Banned.Message },
        _ => row.ErrorCode == Locked.Code ? Locked : null,
    };

    public ProblemHttpResult ToProblem() => Problem.Of(Status, Code, Message);

    private static DeviceTrouble BanOf(ConnectionEnd end) => Banned with
    {
        Message = end switch
        {
            { Cause: EndCause.TemporarilyBanned, Until: { } until } =>
                string.Create(CultureInfo.InvariantCulture, $"WhatsApp has restricted this account until {until:yyyy-MM-dd HH:mm} UTC{(NoticeTexts.Reason(end.BanCode, "en") is { } why ? ": " + why : "")}. Refresh the device when that is over."),
            { Cause: EndCause.Banned } => "WhatsApp has banned this account. Look at the phone for the reason.",
            { Cause: EndCause.AccountLocked } => "WhatsApp has locked this account. Look at the phone for the reason.",
            _ => Banned.Message,
        },
    };
}
