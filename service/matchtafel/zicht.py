"""What a matchtafel sees of a region: who waits, which places lie open, and how pairs score."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Self

import numpy as np
import polars as pl
from sqlalchemy.orm import Session

from features.blokkade import Blokkade, blokkades_of
from features.contract import Tables
from features.pair_context import with_room
from features.passendheid import pair_matrix
from models.leerwerkplek import PlaatsingModel
from models.uitvalrisico import UitvalrisicoModel
from service.errors import NotFoundError
from service.matchtafel.agenda import RISICO, ZOEKT, Agendaregel, draw_agenda
from service.matchtafel.begrippen import Agendapunt, TafelPlek
from service.matchtafel.tafel import NieuweDeelnemer, carried_over, plan, promises, taken_places
from service.matchtafel.urgentie import urgency_facts
from service.paren import Paren
from service.storage.organisatie import OrganisatieRepository
from service.suggestielog.herkomst import Herkomst
from service.suggesties import JongereKort
from service.uitleg import Uitleg, Verteld, as_invoer
from service.wording import risico_woord

SEED_BITS = 32


class TafelZicht:
    """A region as a table looks at it; nothing in it changes once it is made.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        The canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    scores : DataFrame
        ``jongere_id`` and ``uitvalrisico``.
    jongeren : mapping of jongere_id to JongereKort
        Who is shown.
    paren : Paren
        Scores pairs.
    uitleg : Uitleg
        Tells of pairs.
    modellen : mapping of str to str
        Version and SHA-256 of each model, by name.
    herkomst : Herkomst, optional
        Where the scores of pairs come from.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        peildatum: date,
        scores: pl.DataFrame,
        jongeren: Mapping[str, JongereKort],
        paren: Paren,
        uitleg: Uitleg,
        modellen: Mapping[str, Mapping[str, str]],
        herkomst: Herkomst | None = None,
    ) -> None:
        self._tables = tables
        self._peildatum = peildatum
        self._scores = scores
        self._jongeren = jongeren
        self._paren = paren
        self._uitleg = uitleg
        self._modellen = modellen
        self._herkomst = herkomst
        # the table says itself how many it may propose for a place
        self._context = with_room(paren.context)
        self._plekken = {plek.leerwerkplek_id: plek for plek in paren.plekken}

    @property
    def gestopt(self) -> bool:
        """Whether pairs have no scores here, because people stopped the model."""
        return self._paren.scorer is None

    @property
    def risico_gestopt(self) -> bool:
        """Whether nobody has an uitvalrisico here, because people stopped the model."""
        return UitvalrisicoModel.name not in self._modellen

    @property
    def herkomst(self) -> Herkomst | None:
        """Where the scores of pairs come from; None when the model is stopped."""
        return self._herkomst

    def zonder(self, modellen: AbstractSet[str]) -> Self:
        """Return the same as if these models were stopped; what is big is shared (TRUST H7)."""
        twin = copy(self)
        if UitvalrisicoModel.name in modellen:
            twin._scores = self._scores.clear()
        if PlaatsingModel.name in modellen:
            twin._paren, twin._uitleg = self._paren.zonder_model(), self._uitleg.zonder_model()
            twin._herkomst = None
        twin._modellen = {name: one for name, one in self._modellen.items() if name not in modellen}
        return twin

    @property
    def peildatum(self) -> date:
        """The day from which we look."""
        return self._peildatum

    @property
    def momentopname(self) -> dict[str, Any]:
        """Which data and models this is, for the record of a table."""
        return {
            "peildatum": self._peildatum.isoformat(),
            "modellen": {name: dict(one) for name, one in self._modellen.items()},
            "herkomst": {}
            if self._herkomst is None
            else {self._herkomst.model: asdict(self._herkomst)},
        }

    def naam(self, jongere_id: str) -> str:
        """Return the name to show of a jongere, or the id when there is none."""
        known = self._jongeren.get(jongere_id)
        return known.naam if known is not None and known.naam else jongere_id

    def urgentie(self, punt: Agendapunt) -> list[str]:
        """Return the words of urgency of a line; without the risk when that model is stopped."""
        if not self.risico_gestopt:
            return list(punt.urgentie)
        return [one for one in punt.urgentie if not one.endswith(RISICO)] or [ZOEKT]

    def voor(self, zichtbaar: AbstractSet[str]) -> Self:
        """Return the same with only these jongeren: no other is named, drawn or scored."""
        seen = copy(self)
        seen._jongeren = {one: who for one, who in self._jongeren.items() if one in zichtbaar}
        seen._scores = self._scores.filter(pl.col("jongere_id").is_in(list(zichtbaar)))
        return seen

    def plek(self, leerwerkplek_id: str) -> str:
        """Return the title and leerbedrijf of a place, or the id when it is unknown."""
        known = self._plekken.get(leerwerkplek_id)
        return f"{known.titel}, {known.leerbedrijf}" if known is not None else leerwerkplek_id

    def zoek_jongeren(self, text: str, most: int) -> list[JongereKort]:
        """Return visible jongeren in whose name or id this text stands, by name."""
        asked = text.casefold()
        found = [
            one
            for one in self._jongeren.values()
            if asked in f"{one.naam} {one.jongere_id}".casefold()
        ]
        return sorted(found, key=lambda one: (one.naam, one.jongere_id))[:most]

    def zoek_plekken(self, text: str, most: int) -> list[str]:
        """Return the ids of places in whose title or leerbedrijf this text stands, by name."""
        asked = text.casefold()
        found = [one for one in self._plekken if asked in self.plek(one).casefold()]
        return sorted(found, key=self.plek)[:most]

    def scholen(self) -> dict[str, str]:
        """Return the schools of visible jongeren: code to name, by name."""
        found = {
            one.instelling: one.school or one.instelling
            for one in self._jongeren.values()
            if one.instelling
        }
        return dict(sorted(found.items(), key=lambda pair: pair[1]))

    def school(self, jongere_id: str) -> str | None:
        """Return the school of a jongere, as far as known."""
        known = self._jongeren.get(jongere_id)
        return None if known is None else known.instelling

    def agenda(
        self,
        *,
        aantal: int,
        seed: int,
        aangehouden: Iterable[str] = (),
        zonder: Collection[str] = (),
    ) -> list[Agendaregel]:
        """Return who is on the agenda now; the seed decides what is left to chance.

        Who is in `zonder` is left out.
        """
        facts = urgency_facts(self._tables, self._peildatum, self._scores, set(aangehouden))
        woorden = {
            jongere_id: f"{risico_woord(kans)} {RISICO}"
            for jongere_id, kans in self._scores.iter_rows()
        }
        facts = facts.filter(
            ~pl.col("jongere_id").is_in(list(zonder)),
            pl.col("jongere_id").is_in(list(self._jongeren)),
        )
        rng = np.random.default_rng(seed)
        return draw_agenda(facts, aantal=aantal, rng=rng, woorden=woorden)

    def plekken(self) -> list[TafelPlek]:
        """Return the places with room, for everybody; what is promised counts as room here."""
        return [
            TafelPlek(0, plek_id, vrij, None, None)
            for plek_id, vrij in sorted(self._paren.onbezet.items())
            if vrij > 0
        ]

    def check_jongere(self, jongere_id: str) -> None:
        """Raise NotFoundError when a jongere is unknown, or not to be seen."""
        if jongere_id not in self._jongeren:
            raise NotFoundError("jongere", jongere_id)

    def check_plek(self, leerwerkplek_id: str) -> None:
        """Raise NotFoundError when a place is unknown."""
        if leerwerkplek_id not in self._plekken:
            raise NotFoundError("leerwerkplek", leerwerkplek_id)

    def paren(self, jongeren: Sequence[str], plekken: Sequence[str]) -> pl.DataFrame:
        """Return the open pairs that have a score: ids, ``kans`` and ``reistijd_minuten``.

        A ``reistijd_minuten`` that is not known is null.
        """
        return self.passend(jongeren, plekken).filter(pl.col("kans").is_not_null())

    def passend(self, jongeren: Sequence[str], plekken: Sequence[str]) -> pl.DataFrame:
        """Return all open pairs as `paren`; the ``kans`` of who has no score is null."""
        places = self._context.plek_rows([one for one in plekken if one in self._plekken])
        known = [one for one in jongeren if one in self._jongeren]
        found = self._paren.score(known, plekken=places.tolist(), context=self._context)
        return self._paren.named(found.jongere, found.plek).with_columns(
            kans=pl.Series(found.kans).fill_nan(None),
            reistijd_minuten=pl.Series(found.reistijd_minuten).fill_nan(None),
        )

    def invoer(self, pairs: Sequence[tuple[str, str]]) -> list[bytes]:
        """Return what goes into the model for pairs of jongere_id and leerwerkplek_id."""
        rows = self._context.jongere_rows([jongere for jongere, _ in pairs])
        places = self._context.plek_rows([plek for _, plek in pairs])
        return as_invoer(pair_matrix(self._context, rows, places)[0])

    def blokkades(self, jongere_id: str, leerwerkplek_id: str) -> tuple[Blokkade, ...]:
        """Return the rules that block a pair; none when either is unknown."""
        if jongere_id not in self._jongeren or leerwerkplek_id not in self._plekken:
            return ()
        places = self._context.plek_rows([leerwerkplek_id])
        found = self._paren.score([jongere_id], plekken=places.tolist(), context=self._context)
        return blokkades_of(int(found.blokkades[0, 0]))

    def vertel(self, pairs: Sequence[tuple[str, str]]) -> list[Verteld]:
        """Return what is told of pairs of jongere_id and leerwerkplek_id."""
        context = self._paren.context
        return self._uitleg.tell(
            context,
            context.jongere_rows([jongere for jongere, _ in pairs]),
            context.plek_rows([plek for _, plek in pairs]),
        )


def plan_from(
    session: Session,
    zicht: TafelZicht,
    *,
    regio: str,
    datum: date,
    aantal: int,
    deelnemers: Iterable[NieuweDeelnemer],
    door: int,
    op: datetime,
) -> int:
    """Plan a matchtafel from what a region holds now; return its id.

    Only jongeren of this region come on its agenda. Who was put off at the last closed table of
    the region comes back. What an earlier table promised and nobody has started yet is neither
    promised again nor discussed again.
    """
    promised, taken = promises(session), taken_places(session)
    plekken = [
        replace(plek, vrij=plek.vrij - taken[plek.leerwerkplek_id]) for plek in zicht.plekken()
    ]
    seed = secrets.randbits(SEED_BITS)
    people = OrganisatieRepository(session).jongeren_of(regio)
    own = zicht if people is None else zicht.voor(people)
    return plan(
        session,
        regio=regio,
        datum=datum,
        deelnemers=deelnemers,
        agenda=own.agenda(
            aantal=aantal,
            seed=seed,
            aangehouden=carried_over(session, regio),
            zonder=promised.keys(),
        ),
        plekken=[plek for plek in plekken if plek.vrij > 0],
        momentopname=zicht.momentopname | {"seed": seed},
        door=door,
        op=op,
    )
