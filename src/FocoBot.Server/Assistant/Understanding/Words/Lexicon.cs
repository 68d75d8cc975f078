using FocoBot.Assistant.Understanding.Lexing;

namespace FocoBot.Assistant.Understanding.Words;

/// <summary>All known words, each with what the grammar needs of it.</summary>
internal static partial class Lexicon
{
    // Initialised before the sets of the other part, which all add to it.
    private static Dictionary<string, Word>? _words;
    private static int _sets;

    /// <summary>Words that may stand between the hour and "am" or "pm".</summary>
    public static readonly PhraseSet BeforeMeridiem = Set(_ => "media, cuarto, hrs, oclock, punto, horas");

    /// <summary>Articles that make a bare number a day of the month.</summary>
    public static readonly PhraseSet DayArticle = Set(_ => "el, del, al, dia, el dia, the, los, los dias, pal, del dia, para el, al dia");

    /// <summary>Prepositions that also end English verbs ("clock in", "turn on"): part of a date only right before it.</summary>
    public static readonly PhraseSet Particle = Set(_ => "in, on, over, of, for, y, and, en");

    /// <summary>Words that must not be left over at an edge of a title.</summary>
    public static readonly PhraseSet TitleEdge = Set(_ => "para, pa, el, la, los, las, a, al, de, del, en, por, y, e, con, que, at, by, for, on, to, the, of, and, is, es, as, due, from, with, este, before, until, hasta, desde, ya, in, pero, but, also, tambien, so, x, dia, como");

    /// <summary>Words that link a command to its task.</summary>
    public static readonly PhraseSet TitleLead = Set(_ => "que, q, k, de, to, that, about, para, y, and, of, a, con, por, por favor, please");

    /// <summary>"las" of an hour: an hour only with more to tell so.</summary>
    public static readonly PhraseSet WeakHourLead = Set(_ => "las, la, de las, de la, by, before, after, around, about, from, until, till, til, time, hora, como las, between, 4, past, de");

    public static readonly PhraseSet TwentyFourHours = Set(_ => "hrs, h, horas, hr, hs, hours, hundred");

    /// <summary>Nouns that mean the user's tasks wherever they stand.</summary>
    public static readonly PhraseSet SureListNoun = Set(_ => "tareas, pendientes, recordatorios, lista, lista de tareas, lista de pendientes, agenda, tasks, todos, to dos, to do s, to do list, todo list, task list, list, reminders, schedule, calendar, tasklist, todolist, taks, tsks, pends, pendients, to do, cosas por hacer, things to do, plate, calendario, cosas pendientes, deadlines, pending tasks, open tasks, tarea, pendiente");

    /// <summary>Verbs that only ask to be shown something.</summary>
    public static readonly PhraseSet ShowVerb = Set(_ => "ver, muestra, muestrame, mostrar, mostrarme, ensename, dime, lista, listar, listame, show, show me, list, tell me, let me see, quiero ver, quisiera ver, a ver, me muestras, me dices, me ensenas, dejame ver, i want to see, can i see, lemme see, me pasas");

    /// <summary>Auxiliaries: a question only before a subject.</summary>
    public static readonly PhraseSet Auxiliary = Set(_ => "do, does, did, have, has, had, is, are, was, were, will, would, could, can, should, shall, may, might, must, am, isnt, arent, didnt, doesnt, havent, dont, any");

    public static readonly PhraseSet Subject = Set(_ => "i, you, we, they, he, she, it, my, the, there, this, that, u, your, our, anyone, someone, task, tasks, number");

    /// <summary>Openers that also begin a task or a command: dropped only before a pause.</summary>
    public static readonly PhraseSet DoubtfulOpener = Set(_ => "este, listo, listen, look, like, good, right, bien, mejor, now, morning, evening, great, nice, si, foco, team, man, luego, ahora, ahorita, ya, y, favor, pf, k, que paso, que hay, que haces, look for, friend, amigo, amiga, then, kindly, well, one more, otra cosa, saludos");

    /// <summary>What may follow a cry for help.</summary>
    public static readonly PhraseSet HelpTail = Set(_ => "por aqui, con esto, con el bot, with this, with the bot, here, aqui, esto, this, bot, the bot, tu, you, exactly, exactamente, a esto, para mi, for me, entonces, todo, de nuevo, again, now, ahora, un, con");

    /// <summary>Words that end like a Spanish past and are none.</summary>
    public static readonly PhraseSet NotPast = Set(_ => "asi, aqui, ahi, alli, cafe, bebe, si, que, porque, te, me, paté, pate, comite, chale, bisturi, colibri, puré, pure, jose, noe, salome, canape, consome, buffet, frac, casi, esqui, bengali, popurri, rubi, manati, taxi, yate, para que, por que, este, esté, ole, olé, ballet");

    /// <summary>What a feast's date names: "4th of July party".</summary>
    public static readonly PhraseSet Occasion = Set(_ => "party, parade, fireworks, barbecue, bbq, cookout, celebration, sale, picnic, costume, desfile, fiesta, dinner, weekend, decorations");

    /// <summary>"tengo cita …", "there's a meeting …": the thing had, if it has a date, is the task.</summary>
    public static readonly PhraseSet Having = Set(_ => "tengo, tenemos, hay, tengo una, tengo un, tenemos una, tenemos un, hay una, hay un, i have a, i have an, we have a, we have an, i have, we have, ive got a, ive got an, theres a, theres an, there is a, there is an, i got a, i got an");

    /// <summary>What is said after a date to press or to loosen it: no part of the title.</summary>
    public static readonly PhraseSet Trailer = Set(_ => "a mas tardar, mas tardar, maximo, como maximo, a lo mucho, a lo mas, sin falta, sin excusa, sin excusas, si o si, si es posible, si se puede, si puedo, de preferencia, preferentemente, como limite, o antes, o un poco antes, mas o menos, aprox, aproximadamente, en punto, tope, como tope, a lo maximo, cuando mucho, a fuerza, sin falla, puntual, puntualito, por ahi, at the latest, at the very latest, the latest, at latest, latest, or so, or thereabouts, or earlier, or before, or sooner, ish, sharp, on the dot, if possible, preferably, no later, at most, tops, max, without fail, no matter what, for sure, more or less, give or take, approximately, roughly, or around then, by then");

    /// <summary>Things with a date of their own: "la junta del 15", but not "agujas del 8".</summary>
    public static readonly PhraseSet Event = Set(_ => "junta, reunion, cita, vuelo, evento, fiesta, cena, comida, pago, renta, quincena, clase, examen, boda, partido, viaje, entrega, corte, reporte, sesion, concierto, turno, guardia, posada, consulta, reservacion, desayuno, llamada, visita, curso, taller, tarea, pedido, nomina, carrera, presentacion, tramite, recibo, vencimiento, plazo, feriado, puente, antes, despues, partir, mas tardar, tardar, vence");

    /// <summary>Verbs of buying and making: a fraction after them measures a thing.</summary>
    public static readonly PhraseSet Measured = Set(_ => "comprar, compra, buy, get, order, conseguir, traer, trae, agregar, mezclar, cortar, cut, add, use, usar, pick, need, medir, surtir, pedir, varilla, tubo, codo, codos, broca, llave, tornillo, tornillos, bolts, screws, drill, wrench, socket, plywood, pipe, inch, pulgadas, pulg, kilo, kilos, kg, cup, taza, mix, grab, install, tuerca, manguera, cable, perfil, angulo, lamina, rebar, hose, nuts, washers, stock, restock");

    /// <summary>Verbs before the title of a film, a book or a song.</summary>
    public static readonly PhraseSet Watching = Set(_ => "ver, watch, see, rewatch, leer, read, escuchar, oir, listen to, peli, pelicula, movie, pelis, tickets for, tickets to, tix for, tix to, boletos para, boletos de, book, libro, stream, the, season of, obra, serie, cancion, song, play, finish, terminar");

    /// <summary>What makes a month or an ordinal before it a street.</summary>
    public static readonly PhraseSet StreetAfter = Set(_ => "ave, avenue, street, st, road, rd, blvd, boulevard, drive, dr, lane, ln, court, ct, place, pl, way, parkway, pkwy, terrace, floor, fl, grade, edition, graders, gen, generation");

    /// <summary>Asks to leave a task before a command that says so: "ya no quiero la 4, bórrala".</summary>
    public static readonly PhraseSet Unwanted = Set(_ => "ya no quiero, ya no necesito, ya no ocupo, ya no voy a hacer, ya no hago, ya no hice, no quiero, i dont need, dont need, i no longer need, no longer need, i dont want, dont want, im not doing, not doing, forget about, olvida, olvidate de, ya no va, ya no aplica, ya no hace falta, im not going to do, i wont do, no necesito, no longer doing");

    public static readonly PhraseSet UnwantedTail = Set(_ => "ya no, ya no va, ya no aplica, ya, anymore, any more, ya no hace falta, ya no es necesaria, ya no la necesito, ya no la quiero, no longer needed, isnt needed, isnt needed anymore, is no longer needed, not needed, so, mejor, then, entonces, please, porfa, just, ya no se va a hacer, is off, and, y, ya no la ocupo");

    public static readonly PhraseSet DeleteThat = Set(_ => "delete it, remove it, delete that, erase it, drop it, cancel it, scratch it, get rid of it, take it off, delete it please, remove that, kill it, delete that one");

    public static readonly PhraseSet CompleteThat = Set(_ => "complete it, mark it done, mark it as done, check it off, tick it off, cross it off, mark it complete, mark it as complete, marcala como hecha, marcala hecha, ponla como hecha, dala por hecha, marcalas como hechas");

    /// <summary>"Ask for no more messages": a verb, then nothing but <see cref="StopWhat"/> with one of <see cref="StopNoun"/>.</summary>
    public static readonly PhraseSet StopVerb = Set(_ => "ya no quiero recibir, no quiero recibir, no deseo recibir, ya no deseo recibir, quiero dejar de recibir, dejar de recibir, deja de mandar, deja de mandarme, deja de enviar, deja de enviarme, dejen de mandar, dejen de mandarme, dejen de enviar, dejen de enviarme, dejen de escribir, dejen de escribirme, ya no me manden, no me manden, ya no me envien, no me envien, ya no me mande, ya no me mandes, no me mandes, ya no me envies, no me envies, ya no quiero, no quiero, no quiero que me manden, ya no quiero que me manden, ya no quiero que me llegue, ya no quiero que me lleguen, no quiero que me lleguen, no quiero que me llegue, ya no quiero que me escriban, no quiero que me escriban, ya no manden, ya no mandes, ya no envies, ya no envien, paren de, para de mandar, stop, stop sending, stop sending me, stop messaging, stop texting, quit sending, quit sending me, please stop sending, i dont want, i do not want, i dont want any, i no longer want, i dont want to receive, i dont want to get, i no longer want to receive, no longer want, dont send, dont send me, do not send, do not send me, never send me, borren, borra, quiten, saquen, quita, remove, take, take me off, remove me from, quitame de, sacame de, borrame de, eliminame de, unsubscribe me from, unsubscribe from, unsubscribe, stop all, end, cancel");

    public static readonly PhraseSet StopNoun = Set(_ => "mensajes, mensaje, msjs, msj, notificaciones, avisos tuyos, nada, mi numero, este numero, my number, this number, messages, texts, text messages, notifications, anything, these messages, these texts, sus listas, tus listas, this list, these, your messages, lista de envios, mailing list");

    public static readonly PhraseSet StopWhat = Set(_ => "de, este, mas, ustedes, ti, tuyos, suyos, me, a, al, from, this, number, me, to, any, more, anymore, your, you, all, these, those, on, off, the, list, service, servicio, bot, chat, whatsapp, here, por, aqui, sus, tus, los, las, numero, por favor, ningun, ya, nunca, again, ever, kind of, tipo, ningun tipo, del, of, en, este medio, telefono, phone, cel, celular");

    /// <summary>Chatter after a statement of something done.</summary>
    public static readonly PhraseSet Laugh = Set(_ => "jaja, jajaja, jajajaja, jeje, jiji, haha, hahaha, lol, hehe, yay, woohoo, woo, wuju, yei, por fin, al fin, finally, at last, i just got home, ya mero, uf, uff, phew, whew, ya era hora, about time, asi que ya, today, hoy, hace rato, earlier, just now, ahorita, esta manana, this morning, ayer, yesterday, anoche, last night");

    public static readonly PhraseSet Again = Set(_ => "otra vez, de nuevo, nuevamente, again, otra ves, una vez mas, once more, later, mejor, luego");

    public static Word? Find(ReadOnlySpan<char> letters) =>
        Table.Lookup.TryGetValue(letters, out var word) ? word : null;

    private static Dictionary<string, Word> Words => _words ??= Values();

    private static PhraseSet Set(Func<Vocabulary, string> pick)
    {
        var set = new PhraseSet(_sets++);
        Fill(set, pick(Spanish.Words), spanish: true);
        Fill(set, pick(English.Words), spanish: false);
        return set;
    }

    private static void Fill(PhraseSet set, string phrases, bool spanish)
    {
        Span<Word> buffer = new Word[12];
        foreach (var range in phrases.AsSpan().Split(", "))
        {
            var phrase = phrases.AsSpan()[range].Trim();
            if (phrase.IsEmpty)
                continue;
            if (phrase[0] is '~' or '^' or '!')
            {
                foreach (var form in Conjugation.Forms(phrase))
                    set.Add([Intern(form, spanish)]);
                continue;
            }
            var count = 0;
            foreach (var part in phrase.Split(' '))
                buffer[count++] = Intern(Folded(phrase[part]), spanish);
            set.Add(buffer[..count].ToArray());
        }
    }

    private static string Folded(ReadOnlySpan<char> word) =>
        string.Create(word.Length, word, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = Fold.Letter(from[i]);
        });

    private static Word Intern(string text, bool spanish)
    {
        if (!Words.TryGetValue(text, out var word))
            Words.Add(text, word = new Word(text));
        word.Spanish |= spanish;
        word.English |= !spanish;
        return word;
    }

    private static Dictionary<string, Word> Values()
    {
        _words = new Dictionary<string, Word>(8192, StringComparer.Ordinal);
        foreach (var (words, spanish) in new[] { (Spanish.Words, true), (English.Words, false) })
        {
            Each(words.Numbers, spanish, static (word, value) => word.Number = int.Parse(value));
            Each(words.Ordinals, spanish, static (word, value) => word.Ordinal = int.Parse(value));
            Each(words.Months, spanish, static (word, value) => word.Month = Doubted(word, value));
            Each(words.Weekdays, spanish, static (word, value) => word.Weekday = Doubted(word, value));
            Each(words.PluralWeekdays, spanish, static (word, value) => (word.Weekday, word.PluralWeekday) = (int.Parse(value), true));
            foreach (var (alias, word) in words.Aliases.Split(", ").Select(pair => (pair[..pair.IndexOf(' ')], pair[(pair.IndexOf(' ') + 1)..])))
                _words[alias] = Intern(word, spanish);
            Each(words.Units, spanish, static (word, value) => word.Unit = UnitOf(value[0]));
        }
        return _words;
    }

    private static void Each(string pairs, bool spanish, Action<Word, string> set)
    {
        foreach (var pair in pairs.Split(", "))
        {
            var space = pair.IndexOf(' ');
            set(Intern(pair[..space], spanish), pair[(space + 1)..]);
        }
    }

    private static int Doubted(Word word, string value)
    {
        word.Doubtful |= value[^1] == '?';
        return int.Parse(value.TrimEnd('?'));
    }

    private static Unit UnitOf(char c) => c switch
    {
        'm' => Unit.Minute,
        'h' => Unit.Hour,
        'd' => Unit.Day,
        'w' => Unit.Week,
        'M' => Unit.Month,
        _ => Unit.Year,
    };

    /// <summary>Touched first by a lookup, hence after every set above has added its words.</summary>
    private static class Table
    {
        public static readonly Dictionary<string, Word>.AlternateLookup<ReadOnlySpan<char>> Lookup =
            Noted().GetAlternateLookup<ReadOnlySpan<char>>();

        private static Dictionary<string, Word> Noted()
        {
            Span<ulong> sets = stackalloc ulong[PhraseSet.Most / 64];
            foreach (var set in (ReadOnlySpan<PhraseSet>)[High, Low, Medium, PriorityNoun, In, Couple, Half, Quarter, Ago, PastDay, Lead, AtHour, Every, The, DayArticle, Particle, Today, Tomorrow, AfterTomorrow, Next, This,
                NextWeek, NextMonth, NextYear, EndOf, StartOf, MiddleOf, EndOfMonth, EndOfYear, EndOfWeek, Weekend, LastDayOf, Vague, RangeLead, ThisMorning, ThisAfternoon, ThisEvening, Tonight, Morning, MorningAlone, Noon,
                Afternoon, AfternoonAlone, Evening, Night, NightAlone, Midnight, Dawn, Until, Starting, EveryOtherDay, HalfHourly, Biweekly, Workdays, Weekends, EveryMorning, EveryNoon, EveryAfternoon, EveryEvening, EveryNight,
                Daily, Weekly, Monthly, Bimonthly, Quarterly, HalfYearly, Yearly, Hourly])
                set.AddTo(sets);
            foreach (var word in Words.Values)
                word.NoteTime(sets);
            return Words;
        }
    }
}
