using FocoBot.Assistant.Understanding.Lexing;

namespace FocoBot.Assistant.Understanding.Words;

/// <summary>Mends one slip of the finger in command words and in the names of days and months.</summary>
internal static class Typos
{
    private const int ShortestMended = 5;

    /// <summary>Words worth mending. Each was checked against everyday words one edit away; those are in <see cref="Ordinary"/>.</summary>
    private const string Targets =
        "aplaza aplazar reagenda recuerdame recordarme recordatorio recordatorios avisame apuntame anotame agendame agregame agregar agrega anadir anade agendar agenda apuntar " +
        "anotar crear tarea tareas pendiente pendientes completar completa completada completadas terminar termine terminada borrar borra eliminar elimina quitar " +
        "cancelar cancela mostrar muestrame posponer pospon reagendar reprograma renombrar renombra cambiar cambia editar mover mueve deshacer deshaz " +
        "ayuda gracias verificar verifica urgente importante prioridad manana pasado lunes martes miercoles jueves viernes sabado domingo " +
        "enero febrero marzo abril junio julio agosto septiembre octubre noviembre diciembre mediodia semana proximo proxima siguiente " +
        "diario diariamente atrasadas atrasados vencidas horaria resumen idioma " +
        "remind remember reminder reminders tomorrow tonight today monday tuesday wednesday thursday friday saturday sunday " +
        "january february march april august september october november december morning afternoon evening midnight weekend weekends " +
        "delete remove complete completed finish finished rename reschedule postpone snooze cancel tasks verify unsubscribe thanks " +
        "please urgent important priority every everyday weekdays weekly monthly overdue settings timezone language digest schedule " +
        "forget create recurring";

    private const string Ordinary =
        "manzana manzanas marco marcos abrir jueces lunas salado sundae sundry match macho compete compite barra barre borla quinta quilt quien " +
        "cumbia maestra charge chance mouth hojas semanal seman remand removed deleted toady marzos mares males martha marta martin jugo julia " +
        "junior joven jueguen genero enter entera entero ajuste resume creer criar trae trama darla tarta tares takes talks thanked forgot " +
        "forged closets leche mientes viene vienes tienes vienen lineas lentes completo complejo termina terminal termino ceder cancion canela candela " +
        "importantes importado diarios diarrea vencida pendiendo avisale mesas masks mueble mueven muere nueve apunta agregado marchar augusta " +
        "wakeup weakly vary ever very fever clever delegate create crate cream crear crema cramer tarot tasker tanks bread mending mornings nights " +
        "languages semanas solado sabana agenta febrile juntos junto junta jueve viejos forgets forge digests plane sleeve relate completes completed " +
        "remain remained tasty tapas desks asks taska finishes monda mondays canceled cancels avisado cambio cambie martas lunares editor anotado mariana " +
        "tamarea marca posponen agendas agende agencia aguda ayudas ayudar verified removes renames delicate timezones urgencia mandana lenses avísales augment julie " +
        "dominio dominios luces sabido marte mazo rewind finnish cancer deplete remote tacks divest mourning mooring marsh quito evitar evita moler pesado pisado posado resumed lumen julian juliana cremate pleas pleased toddy gracia verity agenday meekly thank tanks wedding sunny sundays tardes jugar jueza marti martina lunch semanario completar evening augusto enera apple aprils evert everly decembers afternoons weekender";

    private static readonly Word[][] Buckets = Fill();
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Skipped =
        new HashSet<string>(Ordinary.Split(' '), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The word meant by an unknown one, if exactly one edit tells them apart.</summary>
    public static Word? Mend(ReadOnlySpan<char> letters)
    {
        if (letters.Length < ShortestMended || !char.IsAsciiLetterLower(letters[0]) || Skipped.Contains(letters))
            return null;
        foreach (var target in Buckets[letters[0] - 'a'])
        {
            if (IsOneEdit(letters, target.Text))
                return target;
        }
        return null;
    }

    /// <summary>The word behind "holaaaa" or "graciasss", if it is known.</summary>
    public static Word? Stretched(ReadOnlySpan<char> letters)
    {
        Span<char> calm = stackalloc char[letters.Length];
        var length = 0;
        var longest = 1;
        var run = 1;
        foreach (var c in letters)
        {
            run = length > 0 && calm[length - 1] == c ? run + 1 : 1;
            longest = Math.Max(longest, run);
            if (run == 1)
                calm[length++] = c;
        }
        return longest > 2 && length > 1 ? Lexicon.Find(calm[..length]) : null;
    }

    private static Word[][] Fill()
    {
        var buckets = new List<Word>[26];
        foreach (var target in Targets.Split(' '))
        {
            if (Lexicon.Find(target) is { } word)
                (buckets[target[0] - 'a'] ??= []).Add(word);
        }
        return Array.ConvertAll(buckets, words => words?.ToArray() ?? []);
    }

    /// <summary>One letter more, less, other, or two neighbours swapped. The first letter must hold: slips there are rare, rhymes are not.</summary>
    private static bool IsOneEdit(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (Math.Abs(a.Length - b.Length) > 1)
            return false;
        var head = a.CommonPrefixLength(b);
        if (head == 0)
            return false;
        var restA = a[head..];
        var restB = b[head..];
        if (a.Length > b.Length)
            return restA[1..].SequenceEqual(restB);
        if (a.Length < b.Length)
            return restB[1..].SequenceEqual(restA);
        return restA.Length > 0 && restA[1..].SequenceEqual(restB[1..])
            || restA.Length > 1 && restA[0] == restB[1] && restA[1] == restB[0] && restA[2..].SequenceEqual(restB[2..]);
    }
}
