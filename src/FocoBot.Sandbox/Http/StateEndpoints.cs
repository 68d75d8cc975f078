using FocoBot.Sandbox.Phones;

namespace FocoBot.Sandbox.Http;

/// <summary>The settings that a phone shares with its companions, over HTTP.</summary>
internal static class StateEndpoints
{
    public static void MapState(this RouteGroupBuilder phone)
    {
        phone.MapGet("/state", (SandboxNetwork network, string phoneNumber) => PhoneEndpoints.Find(network, phoneNumber).State).WithSummary("The settings that the phone shares with its companions");
        phone.MapPost("/state", (SandboxNetwork network, string phoneNumber, StateRequest request) => Change(PhoneEndpoints.Find(network, phoneNumber), request)).WithSummary("Changes a setting on the phone");
    }

    private static void Change(VirtualPhone phone, StateRequest request)
    {
        var chat = PhoneEndpoints.ToJid(request.Chat);
        switch (request.Kind)
        {
            case "mute":
                phone.SetMuted(chat, request.On, request.Until);
                break;
            case "pin":
                phone.SetPinned(chat, request.On);
                break;
            case "archive":
                phone.SetArchived(chat, request.On);
                break;
            case "read":
                phone.SetRead(chat, request.On);
                break;
            case "star":
                phone.SetStarred(chat, MessageId(request), request.FromMe, request.On);
                break;
            case "deleteForMe":
                phone.DeleteForMe(chat, MessageId(request), request.FromMe);
                break;
            case "contact":
                phone.SetContact(chat, request.Name);
                break;
            default:
                throw new ArgumentException("The kinds are mute, pin, archive, read, star, deleteForMe and contact.");
        }
    }

    private static string MessageId(StateRequest request) => request.MessageId is { Length: > 0 } id ? id : throw new ArgumentException("This kind needs a message id.");
}

/// <summary>A setting to change.</summary>
/// <param name="Kind">mute, pin, archive, read, star, deleteForMe or contact.</param>
/// <param name="Chat">The chat or contact, by number or address.</param>
/// <param name="On">Whether it is made or taken back.</param>
/// <param name="Until">With mute, until when; none for ever.</param>
/// <param name="MessageId">With star and deleteForMe, the message.</param>
/// <param name="FromMe">Whether that message is the owner's.</param>
/// <param name="Name">With contact, the name; none takes it away.</param>
internal sealed record StateRequest(string Kind, string Chat, bool On = true, DateTimeOffset? Until = null, string? MessageId = null, bool FromMe = false, string? Name = null);
