using System.Text;
using FocoBot.Assistant.Understanding.Lexing;

namespace FocoBot.Assistant.Understanding.Words;

/// <summary>Places and the IANA zones they keep, as people name them.</summary>
internal static class Zones
{
    private const int LongestPlace = 4;

    private const string Places =
        "America/Mexico_City=mexico,ciudad de mexico,cdmx,df,mexico city,guadalajara,puebla,leon,queretaro,toluca,veracruz,merida,oaxaca,morelia,acapulco,aguascalientes,san luis potosi,xalapa,cuernavaca,pachuca,villahermosa,tuxtla,zacatecas,durango,centro,tiempo del centro,centro de mexico,celaya,irapuato,tampico,campeche,colima,tlaxcala,guanajuato,zapopan,mexico df,puerto vallarta,centro mexico;" +
        "America/Monterrey=monterrey,mty,saltillo,torreon,nuevo leon,coahuila;America/Tijuana=tijuana,tj,mexicali,ensenada,baja california,noroeste,rosarito,tecate;America/Cancun=cancun,playa del carmen,tulum,quintana roo,chetumal,sureste,cozumel;" +
        "America/Hermosillo=hermosillo,sonora,nogales,guaymas;America/Mazatlan=mazatlan,culiacan,la paz mexico,los cabos,cabo,cabo san lucas,sinaloa,nayarit,tepic,pacifico,del pacifico,los mochis,san jose del cabo;America/Chihuahua=chihuahua;America/Ciudad_Juarez=ciudad juarez,juarez,cd juarez;America/Matamoros=matamoros,reynosa,nuevo laredo;America/Bahia_Banderas=bahia de banderas,nuevo vallarta;" +
        "America/New_York=new york,nueva york,ny,nyc,new york city,boston,miami,atlanta,washington,washington dc,dc,philadelphia,orlando,eastern,eastern time,est,edt,et,east coast,florida,tampa,charlotte,cleveland,baltimore,pittsburgh,este;" +
        "America/Chicago=chicago,houston,dallas,austin,san antonio,central,central time,cst,cdt,ct,texas,new orleans,minneapolis,st louis,memphis,nashville,kansas city,milwaukee,oklahoma city,omaha;America/Denver=denver,mountain,mountain time,mst,mdt,mt,salt lake city,colorado,utah,albuquerque,el paso,boise;America/Phoenix=phoenix,arizona,tucson;" +
        "America/Los_Angeles=los angeles,la,l.a,san francisco,sf,san diego,seattle,las vegas,portland,california,pacific,pacific time,pst,pdt,pt,west coast,sacramento,san jose,oakland;America/Detroit=detroit,michigan;America/Anchorage=anchorage,alaska;Pacific/Honolulu=honolulu,hawaii;America/Indiana/Indianapolis=indianapolis;" +
        "America/Toronto=toronto,montreal,ottawa,quebec;America/Vancouver=vancouver;America/Edmonton=calgary,edmonton;America/Winnipeg=winnipeg;America/Halifax=halifax;" +
        "America/Bogota=bogota,colombia,medellin,cali,cartagena;America/Lima=lima,peru;America/Guayaquil=quito,ecuador,guayaquil;America/Caracas=caracas,venezuela;America/La_Paz=bolivia,la paz,santa cruz;America/Santiago=santiago,chile,santiago de chile;America/Argentina/Buenos_Aires=buenos aires,argentina,baires;America/Argentina/Cordoba=cordoba;America/Montevideo=montevideo,uruguay;America/Asuncion=asuncion,paraguay;America/Sao_Paulo=sao paulo,brasil,brazil,rio,rio de janeiro,brasilia;" +
        "America/Guatemala=guatemala;America/El_Salvador=el salvador,san salvador;America/Tegucigalpa=tegucigalpa,honduras,san pedro sula;America/Managua=managua,nicaragua;America/Costa_Rica=costa rica,san jose costa rica;America/Panama=panama;America/Havana=la habana,cuba,havana,habana;America/Santo_Domingo=santo domingo,republica dominicana;America/Puerto_Rico=puerto rico,san juan;" +
        "Europe/Madrid=madrid,espana,spain,barcelona,valencia,sevilla,malaga,bilbao;Atlantic/Canary=canarias,islas canarias,tenerife;Europe/London=london,londres,uk,inglaterra,england,united kingdom,manchester,edinburgh;Europe/Paris=paris,francia,france;Europe/Berlin=berlin,alemania,germany,munich,frankfurt,hamburg;Europe/Rome=roma,rome,italia,italy,milan;Europe/Lisbon=lisboa,lisbon,portugal;Europe/Amsterdam=amsterdam,holanda,netherlands;Europe/Brussels=bruselas,brussels;Europe/Zurich=zurich,suiza,switzerland,geneva;Europe/Vienna=viena,vienna;Europe/Dublin=dublin,irlanda,ireland;Europe/Stockholm=estocolmo,stockholm;Europe/Oslo=oslo;Europe/Copenhagen=copenhague,copenhagen;Europe/Helsinki=helsinki;Europe/Warsaw=varsovia,warsaw;Europe/Prague=praga,prague;Europe/Budapest=budapest;Europe/Athens=atenas,athens;Europe/Istanbul=estambul,istanbul;Europe/Moscow=moscu,moscow;Europe/Kyiv=kyiv,kiev;" +
        "Asia/Tokyo=tokio,tokyo,japon,japan;Asia/Seoul=seul,seoul;Asia/Shanghai=shanghai,beijing,pekin,china;Asia/Hong_Kong=hong kong;Asia/Singapore=singapur,singapore;Asia/Kolkata=india,mumbai,delhi,new delhi,bangalore,kolkata;Asia/Dubai=dubai,emiratos;Asia/Jerusalem=jerusalen,jerusalem,tel aviv,israel;Asia/Manila=manila;Asia/Bangkok=bangkok;Asia/Jakarta=jakarta,yakarta;Australia/Sydney=sydney,sidney;Australia/Melbourne=melbourne;Australia/Perth=perth;Pacific/Auckland=auckland,nueva zelanda,new zealand;Africa/Johannesburg=johannesburg,johannesburgo;Africa/Cairo=cairo,el cairo;Africa/Lagos=lagos;Africa/Nairobi=nairobi;UTC=utc,gmt,zulu";

    private static readonly Dictionary<string, string> ByPlace = Read();
    private static readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup = ByPlace.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The zone named at <paramref name="i"/>, by a place or by its IANA name.</summary>
    public static string? At(Sentence s, int i, out int next)
    {
        next = i;
        if (Iana(s, i, out var end) is { } zone)
        {
            next = end;
            return zone;
        }
        string? best = null;
        var name = new StringBuilder();
        for (var at = i; at < i + LongestPlace && s[at].Kind == TokenKind.Word; at++)
        {
            if (at > i)
                name.Append(' ');
            foreach (var c in s.Slice(at, at + 1))
            {
                if (Fold.Letter(c) is var letter and not Fold.Nothing)
                    name.Append(letter);
            }
            if (name.Length > UnderstandingLimits.WordLetters * 2)
                break;
            if (Lookup.TryGetValue(name.ToString(), out var found) && !(at == i && s[i].Word.Text is "la" or "este" && (s[i].Shape & Shape.Upper) == 0))
                (best, next) = (found, at + 1);
        }
        return best;
    }

    /// <summary>"America/Mexico_City" in any case; the table's spelling if it has it.</summary>
    private static string? Iana(Sentence s, int i, out int next)
    {
        next = i;
        if (s[i].Kind != TokenKind.Word || !s.IsPunctuation(i + 1, '/') || s[i + 2].Kind != TokenKind.Word)
            return null;
        next = i + 3;
        while ((s.IsPunctuation(next, '_') || s.IsPunctuation(next, '/') || s.IsPunctuation(next, '-')) && s[next + 1].Kind == TokenKind.Word && next < i + 9)
            next += 2;
        var name = s.Slice(i, next);
        foreach (var known in ByPlace.Values)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return known;
        }
        return s[i].End - s[i].Start <= 10 && s.Slice(i, i + 1) is "America" or "Europe" or "Asia" or "Africa" or "Australia" or "Pacific" or "Atlantic" or "Indian" or "Etc" or "Antarctica" ? name.ToString() : null;
    }

    private static Dictionary<string, string> Read()
    {
        var byPlace = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Places.Split(';'))
        {
            var equal = entry.IndexOf('=');
            foreach (var place in entry[(equal + 1)..].Split(','))
                byPlace[place] = entry[..equal];
        }
        return byPlace;
    }
}
