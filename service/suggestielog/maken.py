"""From what the use cases answer to the lists that are kept of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.explanation import Reden
from models.leerwerkplek import PlaatsingModel
from models.praktijkverklaring_leren import WerkprocesModel
from models.uitvalrisico import UitvalrisicoModel
from models.verbetering import Verbetering
from service.routes import Routesuggesties, place_of
from service.suggestielog.herkomst import Herkomst, canonical_json
from service.suggestielog.lijst import Lijst, Regel, Soort, invoer_json
from service.suggestielog.ordening import Ordening
from service.suggesties import Kandidaat, Kandidaten, Paar, Suggestie, Suggesties, Uitvalrisico
from service.verkenning import Verkenning


def of_uitvalrisico(
    shown: Sequence[Uitvalrisico], *, vanaf: int = 0, volgorde: str = "uitvalrisico"
) -> Lijst | None:
    """Return a page of the list of risks, or one risk alone; None when it is empty."""
    if not shown:
        return None
    return Lijst(
        Soort.UITVALRISICO,
        shown[0].peildatum,
        _known(shown[0].herkomst),
        tuple(
            Regel(
                one.jongere.jongere_id,
                None,
                rang,
                one.kans,
                invoer_json(UitvalrisicoModel.name, one.jongere.jongere_id, one.invoer),
                _uitleg_risico(one),
            )
            for rang, one in enumerate(shown, start=vanaf + 1)
        ),
        volgorde=volgorde,
        jongere_id=shown[0].jongere.jongere_id if len(shown) == 1 else None,
    )


def of_suggesties(
    jongere_id: str, found: Suggesties, soort: Soort = Soort.LEERWERKPLEKKEN
) -> Lijst | None:
    """Return the places for one jongere; None when none of them has a score."""
    if not found.suggesties:
        return None
    return Lijst(
        soort,
        found.peildatum,
        _known(found.herkomst),
        tuple(_pair(one, _uitleg_plek(one)) for one in found.suggesties),
        volgorde=found.volgorde,
        jongere_id=jongere_id,
        ordening=_ordening(found.ordening),
        passend=found.passend,
        uitgesloten=len(found.uitgesloten),
    )


def of_nieuwe_kansen(jongere_id: str, found: Suggesties) -> Lijst | None:
    """Return what would open another place; None when there is nothing of the kind."""
    lines = tuple(
        regel_of_paar(
            jongere_id,
            one.leerwerkplek.leerwerkplek_id,
            rang,
            one.verbetering.kans_dan,
            one.invoer,
            _verbetering(one.verbetering),
        )
        for rang, one in enumerate(found.nieuwe_kansen, start=1)
    )
    return _beside(jongere_id, found, Soort.NIEUWE_KANSEN, lines)


def of_verkenning(jongere_id: str, found: Verkenning) -> tuple[Lijst | None, ...]:
    """Return the explored list, and the chances that are told beside it and the list of now."""
    listed = (of_suggesties(jongere_id, found.dan, Soort.VERKENNING),)
    beside = ((found.nu, found.ernaast_nu, "nu"), (found.dan, found.ernaast_dan, "dan"))
    return listed + tuple(
        _beside(
            jongere_id,
            one,
            Soort.ERNAAST,
            tuple(
                regel_of_paar(
                    jongere_id, line.leerwerkplek_id, rang, line.kans, line.invoer, {"van": moment}
                )
                for rang, line in enumerate(lines, start=1)
            ),
        )
        for one, lines, moment in beside
    )


def _beside(
    jongere_id: str, found: Suggesties, soort: Soort, lines: tuple[Regel, ...]
) -> Lijst | None:
    if not lines:
        return None
    made = _known(found.herkomst)
    return Lijst(soort, found.peildatum, made, lines, volgorde=soort, jongere_id=jongere_id)


def of_kandidaten(found: Kandidaten) -> Lijst | None:
    """Return the jongeren for one place; None when none of them has a score."""
    if not found.kandidaten:
        return None
    return Lijst(
        Soort.KANDIDATEN,
        found.peildatum,
        _known(found.herkomst),
        tuple(_pair(one, _uitleg_kandidaat(one)) for one in found.kandidaten),
        volgorde=found.volgorde,
        onderwerp=found.leerwerkplek.leerwerkplek_id,
        ordening=_ordening(found.ordening),
        passend=found.passend,
        uitgesloten=len(found.uitgesloten),
    )


def of_routes(found: Routesuggesties) -> Lijst | None:
    """Return the routes of one jongere; None when there are none."""
    gevonden = found.gevonden
    if gevonden is None or not gevonden.routes:
        return None
    who = found.jongere_id
    return Lijst(
        Soort.ROUTES,
        found.peildatum,
        _known(found.herkomst),
        tuple(
            Regel(
                who,
                place_of(route).id,
                route.rang,
                route.kans,
                invoer_json(
                    WerkprocesModel.name,
                    who,
                    invoer,
                    object_id=place_of(route).id,
                    meer={"blijft": route.blijft},
                ),
                canonical_json(
                    {
                        "jongere": who,
                        "laag": route.laag,
                        "hoog": route.hoog,
                        "leerdoelen": [
                            [doel.kans for doel in stap.leerdoelen] for stap in route.stappen
                        ],
                        "nodig": route.nodig,
                        "verwacht": route.verwacht,
                        "voor": _redenen(route.voor),
                        "tegen": _redenen(route.tegen),
                        "stappen": [
                            [stap.soort.value, stap.id, stap.begin.isoformat(), stap.weken]
                            for stap in route.stappen
                        ],
                    }
                ),
            )
            for route, invoer in zip(gevonden.routes, found.invoer, strict=True)
        ),
        volgorde="winst",
        jongere_id=who,
        ordening=canonical_json(
            {
                "winst": [route.winst for route in gevonden.routes],
                "kenmerken": [
                    [sorted(one.werkprocessen), one.leerbedrijf_id, one.sector]
                    for one in found.kenmerken
                ],
            }
        ),
    )


def regel_of_paar(
    jongere_id: str,
    plek_id: str,
    rang: int,
    kans: float,
    invoer: bytes | Sequence[float | None],
    uitleg: Mapping[str, Any],
) -> Regel:
    """Return one pair with what was told of it."""
    return Regel(
        jongere_id,
        plek_id,
        rang,
        kans,
        invoer_json(PlaatsingModel.name, jongere_id, invoer, object_id=plek_id),
        canonical_json({"jongere": jongere_id, "object": plek_id, **uitleg}),
    )


def _known(herkomst: Herkomst | None) -> Herkomst:
    """Return where scores come from; what cannot be traced may not be shown."""
    if herkomst is None:
        raise ValueError("a list with scores names no model")
    return herkomst


def _pair(paar: Paar, uitleg: Mapping[str, Any]) -> Regel:
    return regel_of_paar(
        paar.jongere.jongere_id,
        paar.leerwerkplek.leerwerkplek_id,
        paar.rang,
        paar.kans,
        paar.invoer,
        uitleg,
    )


def _uitleg_paar(paar: Paar) -> dict[str, Any]:
    return {
        "laag": paar.laag,
        "hoog": paar.hoog,
        "reistijd_minuten": paar.reistijd_minuten,
        "voor": _redenen(paar.voor),
        "tegen": _redenen(paar.tegen),
        "ontbrekend": [[one.competentie_id, one.gevraagd, one.niveau] for one in paar.ontbrekend],
    }


def _uitleg_plek(one: Suggestie) -> dict[str, Any]:
    better = None if one.verbetering is None else _verbetering(one.verbetering)
    return _uitleg_paar(one) | {"anderen": one.anderen, "verbetering": better}


def _uitleg_kandidaat(one: Kandidaat) -> dict[str, Any]:
    return _uitleg_paar(one) | {"elders": one.elders, "andere_plekken": one.andere_plekken}


def _uitleg_risico(one: Uitvalrisico) -> str:
    before = one.vorige_maand
    return canonical_json(
        {
            "jongere": one.jongere.jongere_id,
            "laag": one.laag,
            "hoog": one.hoog,
            "verhogend": _redenen(one.verhogend),
            "verlagend": _redenen(one.verlagend),
            "te_weinig_gegevens": one.te_weinig_gegevens,
            "vorige_maand": None
            if before is None
            else [
                before.peildatum.isoformat(),
                before.kans,
                [list(vars(change).values()) for change in before.veranderingen],
            ],
        }
    )


def _verbetering(better: Verbetering) -> dict[str, Any]:
    return {
        "kans_dan": better.kans_dan,
        "stappen": [
            [one.aanpassing.value, one.van, one.naar, one.competentie_id] for one in better.stappen
        ],
    }


def _redenen(redenen: Iterable[Reden]) -> list[list[object]]:
    return [[one.feature, one.waarde, one.bijdrage] for one in redenen]


def _ordening(ordening: Ordening | None) -> str | None:
    return None if ordening is None else canonical_json(ordening.as_json())
