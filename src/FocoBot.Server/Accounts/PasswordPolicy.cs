using System.Collections.Frozen;

namespace FocoBot.Accounts;

/// <summary>Which passwords are accepted: long ones that are not the first a guesser would try. No rules about symbols; those only annoy.</summary>
internal static class PasswordPolicy
{
    private const int FewestDistinct = 5;

    // The most guessed ones that are long enough to pass otherwise, in the two languages of our users.
    private static readonly FrozenSet<string> Common = new[]
    {
        "1234567890", "12345678910", "123456789a", "0123456789", "0987654321", "9876543210", "1q2w3e4r5t", "1qaz2wsx3edc", "q1w2e3r4t5", "zaq12wsxcde3",
        "qwertyuiop", "qwerty1234", "qwerty12345", "qwerty123456", "asdfghjkl1", "asdfghjklñ", "zxcvbnm123", "abcdefghij", "abc1234567", "abcd123456",
        "password12", "password123", "password1234", "password123!", "passw0rd123", "p@ssw0rd123", "mypassword", "mypassword1", "changeme123", "letmein123",
        "welcome123", "welcome1234", "iloveyou12", "iloveyou123", "football123", "baseball123", "princess123", "superman123", "dragon1234", "monkey1234",
        "sunshine123", "administrator", "admin12345", "admin123456", "administrador", "contraseña", "contraseña1", "contraseña123", "contrasena", "contrasena1",
        "contrasena123", "micontraseña", "bienvenido1", "bienvenido123", "teamo12345", "tequiero123", "mexico1234", "mexico2026", "focobot123", "whatsapp123",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why the password is not accepted; null when it is.</summary>
    public static string? Refusal(string? password, Email email)
    {
        if (password is null || password.Length < AccountLimits.PasswordShortest)
            return $"A password needs at least {AccountLimits.PasswordShortest} characters.";
        if (password.Length > AccountLimits.PasswordLongest)
            return $"A password has at most {AccountLimits.PasswordLongest} characters.";
        if (password.Equals(email.Address, StringComparison.OrdinalIgnoreCase) || password.Equals(email.Key.Split('@')[0], StringComparison.OrdinalIgnoreCase))
            return "The password must not be the e-mail address.";
        if (Common.Contains(password) || password.Distinct().Count() < FewestDistinct)
            return "This password is one of the first that a guesser tries.";
        return null;
    }
}
