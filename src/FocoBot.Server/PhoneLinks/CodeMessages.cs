namespace FocoBot.PhoneLinks;

/// <summary>What people read about codes, in Spanish and English.</summary>
internal static class CodeMessages
{
    /// <summary>The message that carries an outbound code.</summary>
    public static string Code(string language, string code) => language == "en"
        ? $"{code} is your FocoBot code. It is good for 10 minutes. Don't share it; if you didn't ask for it, ignore this message."
        : $"{code} es tu código de FocoBot. Vale 10 minutos. No lo compartas; si no lo pediste, ignora este mensaje.";

    /// <summary>
    /// What to do with a code that is shown. <paramref name="number"/> is FocoBot's own number, if it is known;
    /// <paramref name="hidden"/> says that no phone was named, so that only who hides the number can use the code.
    /// </summary>
    public static string Show(string language, string code, string? number, bool hidden)
    {
        if (language == "en")
        {
            var goal = number is null ? "to FocoBot on WhatsApp" : $"on WhatsApp to {number}";
            return $"From {(hidden ? "a WhatsApp that hides its number" : "that phone")}, send \"VERIFY {code}\" {goal}. The code is good for 10 minutes."
                + (hidden ? " If yours shows its number, ask for a code with your phone." : "");
        }

        var to = number is null ? "a FocoBot por WhatsApp" : $"por WhatsApp al {number}";
        return $"Desde {(hidden ? "un WhatsApp que oculta su número" : "ese teléfono")}, envía «VERIFICAR {code}» {to}. El código vale 10 minutos."
            + (hidden ? " Si el tuyo muestra su número, pide un código con tu teléfono." : "");
    }

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
