"""The screens on which people enter and change a leerwerkplek, in the words of an employer."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from service.dependencies import ActorDep, InstallationDep, require_own_site
from service.errors import ConflictError, InvoerError
from service.rechten.begrippen import Actor, Doel
from service.rechten.toegang import current
from service.registratie.leerwerkplekken import Plek, PlekGegevens, create_plek, update_plek
from service.registratie.taken import (
    Betekenis,
    lines_of,
    suggest_competenties,
    suggest_werkprocessen,
    titles,
)
from service.storage.engine import unit_of_work
from service.web.leerwerkplekken import (
    LIST,
    SCHRIJVEN,
    SLUIT_OP,
    Kort,
    address_of,
    done,
    invoerder,
    today,
)
from service.web.plek_bron import eis_titles, find_leerbedrijf, noted_plek, search_leerbedrijven
from service.web.plek_form import (
    MOST_EISEN,
    EisRegel,
    PlekForm,
    form_of,
    fouten_of,
    gegevens_of,
    keuzes,
    read_form,
    sent_eisen,
)
from service.web.plekken import SentDep
from service.web.rendering import conflict_page, page

WOORDEN = {
    "titel": "Wat iemand er doet",
    "soort": "Soort plek",
    "opleidingcode": "Opleiding (crebo)",
    "begindatum": "Eerste dag om te beginnen",
    "sluit_op": SLUIT_OP,
    "capaciteit": "Hoeveel jongeren tegelijk",
    "uren_min": "Uren per week, minstens",
    "uren_max": "Uren per week, hoogstens",
    "omstandigheden": "Omstandigheden",
    "begeleiding": "Begeleiding",
    "werkprocessen": "Wat er te leren is",
    "eisen": "Wat de plek vraagt",
}
"""Words for what two people may have changed at once."""
router = APIRouter(dependencies=[Depends(require_own_site), SCHRIJVEN], include_in_schema=False)


@router.get(f"{LIST}/nieuw")
def show_new(
    actor: ActorDep,
    installation: InstallationDep,
    leerbedrijf: Kort = "",
    bedrijf: Kort = "",
    van: Kort = "",
) -> HTMLResponse:
    """Show the form of a new place, empty or as another one; first which leerbedrijf it is of."""
    form = PlekForm({"begindatum": today().isoformat(), "capaciteit": "1"})
    with unit_of_work(installation.engine, read_only=True) as session:
        if van:
            plek = noted_plek(session, actor, van)
            form = form_of(plek, eis_titles(session, plek))
            form = replace(form, velden={**form.velden, "sluit_op": ""})
            leerbedrijf = plek.plek["leerbedrijf_id"]
        if not leerbedrijf:
            found = search_leerbedrijven(session, actor, bedrijf.strip())
            if current().doel is not Doel.WERVING or len(found) != 1:
                return page(
                    "leerwerkplekken/bedrijf.html",
                    {"bedrijf": bedrijf, "gevonden": found},
                    actor=actor.naam,
                )
            leerbedrijf = found[0]["leerbedrijf_id"]
        return _form_page(session, actor, form, leerbedrijf)


@router.post(f"{LIST}/nieuw")
def receive_new(
    actor: ActorDep, installation: InstallationDep, sent: SentDep, leerbedrijf: Kort = ""
) -> Response:
    """Store a new place, or look up what the tasks mean, or show what is wrong."""
    with unit_of_work(installation.engine, read_only=True) as session:
        form = read_form(sent, titles(session, "competentie", _codes(sent)))
        if "bewaar" not in sent.get("stap", ()):
            return _form_page(session, actor, form, leerbedrijf, zoek=True)
        find_leerbedrijf(session, actor, leerbedrijf)
        gegevens, fouten = gegevens_of(form, leerbedrijf)
        if gegevens is None:
            return _form_page(session, actor, form, leerbedrijf, fouten=fouten)
    try:
        with unit_of_work(installation.engine) as session:
            plek = create_plek(session, gegevens, invoerder(actor))
    except InvoerError as error:
        with unit_of_work(installation.engine, read_only=True) as session:
            return _form_page(session, actor, form, leerbedrijf, fouten=fouten_of(error))
    return done(plek.plek["leerwerkplek_id"], "nieuw")


@router.get(LIST + "/{leerwerkplek_id}/wijzigen")
def show_edit(actor: ActorDep, installation: InstallationDep, leerwerkplek_id: str) -> HTMLResponse:
    """Show the form of a place that is there."""
    with unit_of_work(installation.engine, read_only=True) as session:
        plek = noted_plek(session, actor, leerwerkplek_id)
        form = form_of(plek, eis_titles(session, plek))
        bedrijf = plek.plek["leerbedrijf_id"]
        return _form_page(session, actor, form, bedrijf, plek=plek, versie=plek.versie)


@router.post(LIST + "/{leerwerkplek_id}/wijzigen")
def receive_edit(
    actor: ActorDep, installation: InstallationDep, leerwerkplek_id: str, sent: SentDep
) -> Response:
    """Store a changed place; when another was first, show both versions (TRUST R6)."""
    versie = next(iter(sent.get("versie", ())), "")
    with unit_of_work(installation.engine, read_only=True) as session:
        plek = noted_plek(session, actor, leerwerkplek_id)
        bedrijf = plek.plek["leerbedrijf_id"]
        form = read_form(sent, titles(session, "competentie", _codes(sent)))
        zoek = "bewaar" not in sent.get("stap", ("bewaar",))
        gegevens, fouten = gegevens_of(form, bedrijf)
        if zoek or gegevens is None:
            shown = {} if zoek else fouten
            return _form_page(
                session, actor, form, bedrijf, plek=plek, versie=versie, zoek=zoek, fouten=shown
            )
    try:
        with unit_of_work(installation.engine) as session:
            update_plek(session, leerwerkplek_id, gegevens, versie=versie, door=invoerder(actor))
    except InvoerError as error:
        with unit_of_work(installation.engine, read_only=True) as session:
            return _form_page(
                session, actor, form, bedrijf, plek=plek, versie=versie, fouten=fouten_of(error)
            )
    except ConflictError as error:
        return _conflict(actor, installation, leerwerkplek_id, form, gegevens, error)
    return done(leerwerkplek_id, "gewijzigd")


def _form_page(
    session: Session,
    actor: Actor,
    form: PlekForm,
    leerbedrijf: str,
    *,
    plek: Plek | None = None,
    versie: str = "",
    zoek: bool = False,
    fouten: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Show the form; with `zoek` also what the tasks and the demands in own words may mean."""
    bedrijf = find_leerbedrijf(session, actor, leerbedrijf)
    taken: list[Betekenis] = []
    if zoek:
        crebo = form.veld("opleidingcode") or None
        taken = suggest_werkprocessen(session, lines_of(form.veld("taken")), crebo)
        form = _with_meanings(form, suggest_competenties(session, lines_of(form.veld("vragen"))))
    named = titles(session, "werkproces", form.werkprocessen)
    chosen = [(code, named.get(code, code), "") for code in form.werkprocessen]
    more = [(one.code, one.titel, one.regel) for one in taken if one.code not in named]
    own = plek.plek["leerwerkplek_id"] if plek else ""
    told = keuzes() | {
        "form": form,
        "bedrijf": bedrijf,
        "werkprocessen": chosen + more,
        "gezocht": zoek,
        "plek": plek,
        "versie": versie,
        "adres": f"{LIST}/{quote(own, safe='')}/wijzigen"
        if plek
        else f"{LIST}/nieuw?{urlencode({'leerbedrijf': leerbedrijf})}",
        "terug": address_of(own) if plek else LIST,
        "fouten": fouten or {},
    }
    status = HTTPStatus.BAD_REQUEST if fouten else HTTPStatus.OK
    return page("leerwerkplekken/formulier.html", told, actor=actor.naam, status=status)


def _with_meanings(form: PlekForm, found: list[Betekenis]) -> PlekForm:
    known = {one.code for one in form.eisen}
    more = [EisRegel(one.code, one.titel) for one in found if one.code not in known]
    return replace(form, eisen=(*form.eisen, *more)[:MOST_EISEN])


def _conflict(
    actor: Actor,
    installation: InstallationDep,
    leerwerkplek_id: str,
    form: PlekForm,
    gegevens: PlekGegevens,
    error: ConflictError,
) -> HTMLResponse:
    """Show what stands now beside what was sent."""
    with unit_of_work(installation.engine, read_only=True) as session:
        now = noted_plek(session, actor, leerwerkplek_id)
        namen = eis_titles(session, now) | {one.code: one.titel for one in form.eisen}
    asked = [(one.competentie_id, one.niveau, one.hard) for one in gegevens.eisen]
    stands = [(one["competentie_id"], one["niveau"], one["hard"]) for one in now.eisen]
    huidig = now.plek | {
        "werkprocessen": sorted(one["werkproces_id"] for one in now.werkprocessen),
        "eisen": _eis_words(stands, namen),
    }
    gevraagd = vars(gegevens) | {
        "werkprocessen": sorted(gegevens.werkprocessen),
        "eisen": _eis_words(asked, namen),
    }
    return conflict_page(
        ConflictError(error.what, error.key, huidig, gevraagd),
        WOORDEN,
        terug=address_of(leerwerkplek_id),
        adres=f"{LIST}/{quote(leerwerkplek_id, safe='')}/wijzigen",
        velden=[*form.pairs(now.versie), ("stap", "bewaar")],
        actor=actor.naam,
    )


def _eis_words(eisen: list[tuple[str, int, bool]], namen: Mapping[str, str]) -> list[str]:
    return sorted(
        f"{namen.get(code, code)} (niveau {niveau}, {'moet' if hard else 'wens'})"
        for code, niveau, hard in eisen
    )


def _codes(sent: SentDep) -> list[str]:
    return [code for _, code in sent_eisen(sent)]
