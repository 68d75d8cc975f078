using FocoBot.Sandbox.Phones;

namespace FocoBot.Sandbox.Http;

/// <summary>Decides who may write to whom.</summary>
internal static class PrivacyEndpoints
{
    public static void MapPrivacy(this RouteGroupBuilder phone)
    {
        phone.MapPost("/require-tokens", (SandboxNetwork network, string phoneNumber, RequireTokensRequest request) => { Find(network, phoneNumber).RequiresTokens = request.Required; }).WithSummary("Keeps strangers off, or no longer");
        phone.MapPost("/trust", (SandboxNetwork network, string phoneNumber, TrustRequest request) => Find(network, phoneNumber).Trust(PhoneEndpoints.ToJid(request.User))).WithSummary("Gives somebody a token, with which he may write");
        phone.MapPost("/refuse", (SandboxNetwork network, string phoneNumber, RefuseRequest request) => Find(network, phoneNumber).RefuseMessages(request.Code, request.Count)).WithSummary("Has the next messages of the companions refused");
        phone.MapPost("/restrict-new-chats", (SandboxNetwork network, string phoneNumber, RestrictRequest request) => Find(network, phoneNumber).RestrictNewChats(request.Until)).WithSummary("Tells the companions that the account may begin no chats, or may again");
    }

    private static VirtualPhone Find(SandboxNetwork network, string number) => PhoneEndpoints.Find(network, number);
}

internal sealed record RequireTokensRequest(bool Required);

internal sealed record TrustRequest(string User);

/// <summary>The server's number, and how many messages it refuses with it.</summary>
internal sealed record RefuseRequest(int Code, int Count = 1);

/// <summary>Until when; nothing ends it.</summary>
internal sealed record RestrictRequest(DateTimeOffset? Until);
