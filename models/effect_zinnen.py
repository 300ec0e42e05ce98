"""What an estimate of an effect says, in plain Dutch: an answer for a group, or why not."""

from models.effect import FEWEST, Oordeel, Weigering
from models.effect_cohort import GRACE_DAYS
from models.effect_score import Effect
from models.effect_vraag import PLAATSING_MAANDEN, SoortHulp, Uitkomst, Vraag

FEWEST_SHOWN = 10
"""Smaller numbers of jongeren are not told (TRUST P8)."""
HUNDRED = 100
GEEN_ANTWOORD = "Of deze hulp werkt, kunnen we niet zeggen."
GEMIDDELDE = (
    "Dit is een gemiddelde over een groep. Het zegt niet wat de hulp voor één jongere doet."
)
NIET_GETEST = "Of de groepen vooraf al verborgen verschillen hadden, konden we niet testen."
WEIGERINGEN = {
    Weigering.TE_WEINIG: (
        f"Er zijn te weinig jongeren. We hebben er minstens {FEWEST} met de hulp nodig, en "
        f"{FEWEST} zonder."
    ),
    Weigering.TE_WEINIG_UITKOMSTEN: "De uitkomst komt te weinig voor om groepen te vergelijken.",
    Weigering.WEINIG_SCHOLEN: (
        "Bijna alle jongeren zitten op dezelfde school. Dan weten we niet of het aan de hulp ligt "
        "of aan de school."
    ),
    Weigering.HELE_SCHOOL: (
        "Scholen gaven deze hulp aan al hun jongeren. Op die scholen is er niemand om mee te "
        "vergelijken."
    ),
    Weigering.GEEN_OVERLAP: (
        "Wie de hulp kreeg, leek te weinig op wie de hulp niet kreeg. Er is niemand om eerlijk mee "
        "te vergelijken."
    ),
    Weigering.NIET_IN_BALANS: (
        "De groep met hulp en de groep zonder hulp bleven te verschillend, ook nadat we ze zo "
        "gelijk mogelijk maakten."
    ),
    Weigering.VERSCHIL_VOORAF: (
        "De groepen verschilden al vóór de hulp begon, op iets wat toen nog niet in de systemen "
        "stond. Wie de hulp gaf, wist meer dan wij. Daarom is een vergelijking niet eerlijk."
    ),
    Weigering.SCHIJNEFFECT: (
        "Als we de hulp door loting verdelen, vinden we ook een verschil. Dan meet deze "
        "vergelijking iets anders dan de hulp."
    ),
}


def naam_van(vraag: Vraag) -> str:
    """Name the help, for a heading.

    Examples
    --------
    >>> naam_van(Vraag(SoortHulp.BEGELEIDING, "mentor", tegenover="jobcoach"))
    'Contact door mentor, vergeleken met jobcoach'
    """
    if vraag.hulp == SoortHulp.TRAJECT:
        return f"Traject: {vraag.naam}"
    beside = f", vergeleken met {vraag.tegenover}" if vraag.tegenover else ""
    return f"Contact door {vraag.naam}{beside}"


def uitkomst_van(vraag: Vraag) -> str:
    """Say what is counted, as words that follow on "jongeren die"."""
    return {
        Uitkomst.UITVAL: "binnen een jaar van school gaan zonder startkwalificatie",
        Uitkomst.PLAATSING: (
            f"binnen {PLAATSING_MAANDEN} maanden op een plek beginnen en die plek volhouden"
        ),
    }[vraag.uitkomst]


def zinnen(vraag: Vraag, oordeel: Oordeel) -> tuple[str, ...]:
    """Say what was found: the estimate with its interval and doubts, or only why there is none.

    Parameters
    ----------
    vraag : Vraag
        What was asked.
    oordeel : Oordeel
        What came out.

    Returns
    -------
    tuple of str
        Sentences; without any figure of an effect where it was refused.
    """
    if oordeel.weigering is not None or oordeel.att is None:
        why = WEIGERINGEN[oordeel.weigering or Weigering.TE_WEINIG]
        return GEEN_ANTWOORD, why
    att = oordeel.att
    other = f"Met contact door {vraag.tegenover}" if vraag.tegenover else "Zonder deze hulp"
    return (
        f"Van de 100 jongeren met deze hulp zijn er {_per_honderd(oordeel.met)} die "
        f"{uitkomst_van(vraag)}. {other} waren dat er naar schatting "
        f"{_per_honderd(min(max(oordeel.met - att.value, 0.0), 1.0))}.",
        f"Het verschil ligt waarschijnlijk tussen {_verschil(att.low)} en {_verschil(att.high)} "
        "op de 100.",
        _besluit(vraag, att),
        *_twijfel(oordeel),
        GEMIDDELDE,
    )


def hoe(vraag: Vraag) -> str:
    """Say who was compared with whom."""
    if vraag.hulp == SoortHulp.TRAJECT:
        start = "begon met het traject"
        other = "Wie ook mocht beginnen maar dat toen niet deed, is de vergelijking."
    else:
        start = f"werd benaderd door {vraag.naam}"
        door = f"door {vraag.tegenover}" if vraag.tegenover else f"niet door {vraag.naam}"
        other = f"Wie in die tijd {door} werd benaderd, is de vergelijking."
    return (
        f"De groep met hulp {start} binnen {GRACE_DAYS} dagen na een peildatum. {other} We maakten "
        "de groepen gelijk in alles wat op de peildatum bekend was."
    )


def aantal(n: int) -> str:
    """Write a number of jongeren, small ones hidden.

    Examples
    --------
    >>> aantal(120), aantal(3)
    ('120', 'minder dan 10')
    """
    return str(n) if n >= FEWEST_SHOWN else f"minder dan {FEWEST_SHOWN}"


def _besluit(vraag: Vraag, att: Effect) -> str:
    """Say whether it helps, as far as the interval tells."""
    if att.low <= 0 <= att.high:
        what = "wie het best contact zoekt" if vraag.tegenover else "of deze hulp werkt"
        return f"Dat verschil kan toeval zijn. We weten dus niet {what}."
    good = att.value < 0 if vraag.uitkomst == Uitkomst.UITVAL else att.value > 0
    if vraag.tegenover:
        better = vraag.naam if good else vraag.tegenover
        return f"Contact door {better} lijkt het best te werken."
    if good:
        return "De hulp lijkt te werken."
    return "De hulp lijkt niet te werken: met hulp ging het vaker mis."


def _twijfel(oordeel: Oordeel) -> tuple[str, ...]:
    plain = (
        f"Het gewone verschil tussen de groepen is {_verschil(oordeel.gewoon)} op de 100. Dat zegt "
        "niets over de hulp, want hulp gaat niet naar iedereen even vaak."
    )
    found = [plain]
    if oordeel.e_grens > 1:
        times = f"{oordeel.e_grens:.1f}".replace(".", ",")
        found.append(
            "Iets wat niemand opschreef kan dit ook verklaren. Dan moet het de kans op hulp en de "
            f"kans op de uitkomst allebei minstens {times} keer zo groot of zo klein maken."
        )
    if oordeel.vooraf is None:
        found.append(NIET_GETEST)
    return tuple(found)


def _per_honderd(share: float) -> str:
    return f"{HUNDRED * share:.0f}"


def _verschil(value: float) -> str:
    """Write a difference as so many more or less.

    Examples
    --------
    >>> _verschil(-0.082), _verschil(0.001)
    ('8 minder', '0')
    """
    whole = round(HUNDRED * value)
    if whole == 0:
        return "0"
    return f"{abs(whole)} {'meer' if whole > 0 else 'minder'}"
