namespace FocoBot.Accounts.Mail;

/// <summary>What our mails say, in the account's language.</summary>
internal static class MailTexts
{
    public static MailMessage Reset(string to, string language, string link) => language == "en"
        ? new(to, "Choose a new password", $"Somebody, probably you, asked for a new password for FocoBot.\n\nOpen this link within an hour to choose one:\n{link}\n\nIf it was not you, do nothing: your password stays as it is.\n")
        : new(to, "Elige una contraseña nueva", $"Alguien, seguramente tú, pidió una contraseña nueva para FocoBot.\n\nAbre este enlace antes de una hora para elegirla:\n{link}\n\nSi no fuiste tú, no hagas nada: tu contraseña sigue igual.\n");

    public static MailMessage Confirm(string to, string language, string link) => language == "en"
        ? new(to, "Confirm your e-mail", $"Confirm that this e-mail is yours, to use it with FocoBot:\n{link}\n\nThe link is good for 24 hours. If you didn't ask for it, do nothing.\n")
        : new(to, "Confirma tu correo", $"Confirma que este correo es tuyo para usarlo con FocoBot:\n{link}\n\nEl enlace sirve 24 horas. Si no lo pediste, no hagas nada.\n");

    public static MailMessage AlreadyYours(string to, string language) => language == "en"
        ? new(to, "You have an account already", "Somebody, probably you, wanted to use this e-mail for a FocoBot account, but there is one already.\n\nSign in, or choose a new password if you forgot it. If it was not you, do nothing.\n")
        : new(to, "Ya tienes una cuenta", "Alguien, seguramente tú, quiso usar este correo en una cuenta de FocoBot, pero ya existe una.\n\nInicia sesión, o elige una contraseña nueva si la olvidaste. Si no fuiste tú, no hagas nada.\n");

    public static MailMessage PasswordChanged(string to, string language) => language == "en"
        ? new(to, "Your password was changed", "The password of your FocoBot account was changed.\n\nIf it was not you, choose a new one now and end the sessions you don't know.\n")
        : new(to, "Tu contraseña cambió", "La contraseña de tu cuenta de FocoBot cambió.\n\nSi no fuiste tú, elige una nueva ahora y cierra las sesiones que no conozcas.\n");

    public static MailMessage EmailChanged(string to, string language) => language == "en"
        ? new(to, "Your e-mail was changed", "Your FocoBot account now uses another e-mail; this one no longer signs in.\n\nIf it was not you, tell your administrator at once.\n")
        : new(to, "Tu correo cambió", "Tu cuenta de FocoBot ahora usa otro correo; con este ya no se inicia sesión.\n\nSi no fuiste tú, avisa a tu administrador de inmediato.\n");
}
