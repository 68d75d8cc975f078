namespace FocoBot.PhoneLinks;

/// <summary>What people read about codes, in Spanish and English.</summary>
internal static class CodeMessages
{
    /// <summary>The message that carries an outbound code.</summary>
    public static string Code(string language, string code) => language == "en"
        ? $"{code} is your FocoBot code. It is good for 10 minutes. Don't share it; if you didn't ask for it, ignore this message."
        : $"{code} es tu código de FocoBot. Vale 10 minutos. No lo compartas; si no lo pediste, ignora este mensaje.";

    /// <summary>What to do with a code that is shown. <paramref name="number"/> is FocoBot's own number, if it is known.</summary>
    public static string Show(string language, string code, string? number) => (language, number) switch
    {
        ("en", null) => $"From that phone, send \"VERIFY {code}\" to FocoBot on WhatsApp. The code is good for 10 minutes.",
        ("en", _) => $"From that phone, send \"VERIFY {code}\" on WhatsApp to {number}. The code is good for 10 minutes.",
        (_, null) => $"Desde ese teléfono, envía «VERIFICAR {code}» a FocoBot por WhatsApp. El código vale 10 minutos.",
        _ => $"Desde ese teléfono, envía «VERIFICAR {code}» por WhatsApp al {number}. El código vale 10 minutos.",
    };

    /// <summary>What to do with a code that was sent.</summary>
    public static string Sent(string language) => language == "en"
        ? "We sent a code to that phone on WhatsApp. Type it here within 10 minutes."
        : "Enviamos un código a ese teléfono por WhatsApp. Escríbelo aquí en los próximos 10 minutos.";

    /// <summary>Asks the phone itself whether it shall move to another account.</summary>
    public static string ConfirmMove(string language) => language == "en"
        ? "This WhatsApp is linked to another FocoBot account. Reply YES within 10 minutes to move it to the new one."
        : "Este WhatsApp está vinculado a otra cuenta de FocoBot. Responde SÍ en los próximos 10 minutos para pasarlo a la nueva.";

    /// <summary>Tells the former account, on another phone of it, that a phone has left.</summary>
    public static string Moved(string language) => language == "en"
        ? "One of your phones was linked to another FocoBot account and no longer works with yours. If that wasn't you, open FocoBot and check your linked phones."
        : "Uno de tus teléfonos se vinculó a otra cuenta de FocoBot y ya no funciona con la tuya. Si no fuiste tú, abre FocoBot y revisa tus teléfonos vinculados.";
}
