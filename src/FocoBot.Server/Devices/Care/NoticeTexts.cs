using System.Globalization;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.Devices.Care;

/// <summary>A notice in words.</summary>
/// <param name="Subject">Of a mail.</param>
/// <param name="Message">What happened and what to do; a link follows it.</param>
internal sealed record NoticeText(string Subject, string Message);

/// <summary>What owners read about their devices, in Spanish and English: what happened, to which device, what to do. No phone numbers.</summary>
internal static class NoticeTexts
{
    public static NoticeText Of(Notice notice, string language, string device, string timeZone) =>
        language == "en" ? English(notice, $"“{device}”", timeZone) : Spanish(notice, $"«{device}»", timeZone);

    /// <summary>Why WhatsApp restricts an account, as half a sentence; null when it does not say.</summary>
    public static string? Reason(int? code, string language) => (code, language) switch
    {
        (101, "en") => "messages went to too many people who do not know the number",
        (101, _) => "se escribió a demasiadas personas que no conocen el número",
        (102, "en") => "too many people have blocked the number",
        (102, _) => "demasiadas personas bloquearon el número",
        (103, "en") => "too many groups were made with people who do not know the number",
        (103, _) => "se crearon demasiados grupos con personas que no conocen el número",
        (104, "en") => "the same message was sent too many times",
        (104, _) => "se envió demasiadas veces el mismo mensaje",
        (106, "en") => "too many messages went to a broadcast list",
        (106, _) => "se envió demasiado a una lista de difusión",
        _ => null,
    };

    private static NoticeText English(Notice notice, string device, string timeZone) => notice.Kind switch
    {
        Notice.LoggedOut => new("FocoBot is no longer linked to your WhatsApp", $"The device {device} was removed on your phone, so FocoBot can no longer send or read with it. If that was not you, look at the linked devices in WhatsApp. To use it again, link it here:"),
        Notice.Expired => new("WhatsApp has unlinked FocoBot", $"Your phone was offline for 14 days, so WhatsApp has unlinked the device {device}. Open WhatsApp on your phone and link it again here:"),
        Notice.Banned => new("WhatsApp has restricted your account", $"{Ban(notice.Ban!, "en", timeZone)} FocoBot has stopped sending with the device {device}; what was waiting stays. Look at WhatsApp on your phone, and when all is well again go on here:"),
        Notice.Replaced => new("FocoBot has stopped on one of your devices", $"Another program has connected as the device {device}, so FocoBot has stopped: two at once lose messages. Turn the other one off and reconnect here:"),
        Notice.Unreachable => new("FocoBot can't connect to your WhatsApp", $"The device {device} has not been able to connect to WhatsApp for a while. FocoBot goes on trying; you can look at it here:"),
        Notice.PhoneAway => new("Your phone has been offline for days", string.Create(CultureInfo.InvariantCulture, $"The phone of the device {device} has not been seen for {notice.Days} days. Open WhatsApp on it: after 14 days WhatsApp unlinks FocoBot. More here:")),
        _ => new("A device of FocoBot is not working", $"The device {device} is connected, but WhatsApp does not take what it sends. A new connection did not help. If this lasts, link it again here:"),
    };

    private static NoticeText Spanish(Notice notice, string device, string timeZone) => notice.Kind switch
    {
        Notice.LoggedOut => new("FocoBot ya no está vinculado a tu WhatsApp", $"El dispositivo {device} se quitó en tu teléfono y FocoBot ya no puede enviar ni leer con él. Si no fuiste tú, revisa los dispositivos vinculados en WhatsApp. Para usarlo de nuevo, vincúlalo aquí:"),
        Notice.Expired => new("WhatsApp desvinculó a FocoBot", $"Tu teléfono llevaba 14 días sin conexión y WhatsApp desvinculó el dispositivo {device}. Abre WhatsApp en tu teléfono y vincúlalo otra vez aquí:"),
        Notice.Banned => new("WhatsApp restringió tu cuenta", $"{Ban(notice.Ban!, "es", timeZone)} FocoBot dejó de enviar con el dispositivo {device}; lo pendiente se queda esperando. Revisa WhatsApp en tu teléfono y, cuando todo esté bien, continúa aquí:"),
        Notice.Replaced => new("FocoBot se detuvo en uno de tus dispositivos", $"Otro programa se conectó como el dispositivo {device} y FocoBot se detuvo: dos a la vez pierden mensajes. Apaga el otro y reconéctalo aquí:"),
        Notice.Unreachable => new("FocoBot no logra conectarse a tu WhatsApp", $"El dispositivo {device} lleva un rato sin poder conectarse a WhatsApp. FocoBot lo sigue intentando; puedes verlo aquí:"),
        Notice.PhoneAway => new("Tu teléfono lleva días sin conexión", string.Create(CultureInfo.InvariantCulture, $"Hace {notice.Days} días que no se ve el teléfono del dispositivo {device}. Abre WhatsApp en él: a los 14 días WhatsApp desvincula a FocoBot. Más aquí:")),
        _ => new("Un dispositivo de FocoBot no funciona", $"El dispositivo {device} está conectado, pero WhatsApp no recibe lo que envía. Una conexión nueva no ayudó. Si sigue así, vincúlalo otra vez aquí:"),
    };

    private static string Ban(ConnectionEnd end, string language, string timeZone)
    {
        var why = Reason(end.BanCode, language) is { } reason ? $": {reason}" : "";
        return (end.Cause, language) switch
        {
            (EndCause.TemporarilyBanned, "en") => $"WhatsApp has restricted your account until {Local(end.Until!.Value, timeZone)}{why}.",
            (EndCause.TemporarilyBanned, _) => $"WhatsApp restringió tu cuenta hasta {Local(end.Until!.Value, timeZone)}{why}.",
            (EndCause.Banned, "en") => "WhatsApp has banned your account.",
            (EndCause.Banned, _) => "WhatsApp suspendió tu cuenta.",
            (EndCause.NoLinkedDevices, "en") => "WhatsApp no longer lets your account have linked devices.",
            (EndCause.NoLinkedDevices, _) => "WhatsApp ya no permite dispositivos vinculados en tu cuenta.",
            (_, "en") => "WhatsApp has locked your account.",
            _ => "WhatsApp bloqueó tu cuenta.",
        };
    }

    private static string Local(DateTimeOffset time, string timeZone) =>
        string.Create(CultureInfo.InvariantCulture, $"{TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(timeZone)):yyyy-MM-dd HH:mm} ({timeZone})");
}
