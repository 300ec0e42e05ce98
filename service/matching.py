"""What people ask of pairs: places for one jongere, candidates for one place, lists for everybody.

Lists, files and proposals ask the same `Matching`, so they cannot differ. Nothing that it answers
changes once it is made, so many threads may ask at once.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl

from features.contract import Tables
from features.pair_arrays import Ints
from features.pair_context import PairContext
from models.allocation import allocate
from models.leerwerkplek import PlaatsingModel
from models.scoring import PairScores
from models.store import StoredModel
from models.verbetering import nieuwe_kansen, verbeteringen
from service.errors import NotFoundError
from service.paren import NOTHING, Paren, Progress, per_jongere, scored
from service.ranking import Buiten, PlekOrder, ordening_kandidaten
from service.snapshot.parts import Parts
from service.snapshot.recent import Recent
from service.suggestielog.ernaast import invoer_after, told_beside
from service.suggestielog.herkomst import Herkomst
from service.suggesties import (
    JongereKort,
    Kandidaat,
    Kandidaten,
    NieuweKans,
    OngescoordPaar,
    Paar,
    Suggestie,
    Suggesties,
    Volgorde,
)
from service.uitleg import Uitleg, Verteld
from service.verkenning import Scores, Verkenning, Wijziging, changed, compare, wensen_of

LIST = pl.Schema(
    {
        "jongere_id": pl.String,
        "leerwerkplek_id": pl.String,
        "rang": pl.Int64,
        "kans": pl.Float64,
    }
)
"""Columns of a file with suggesties."""
PAIRS = pl.Schema(
    {
        "jongere_id": pl.String,
        "leerwerkplek_id": pl.String,
        "kans": pl.Float64,
        "reistijd_minuten": pl.Float64,
    }
)
"""Columns of open pairs."""
GEHOLPEN, NU = 400, 200
"""Lists that stay in memory: with what would help, and with the score of every place. Beside five
thousand places each takes about fifty kilobytes."""


class Matching:
    """Places for one jongere, candidates for one place, and lists for everybody.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        The canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    plaatsing : StoredModel, optional
        The model that scores a pair, with its version; None when it is stopped.
    jongeren : mapping of jongere_id to JongereKort
        Who is shown; whoever is not in it is unknown.
    ongescoord : set of str
        Whom no model may score; their places are shown without a kans.
    beloofd : mapping of str to str
        The leerwerkplek_id that each jongere_id was promised and has yet to begin.
    parts : Parts, optional
        Of the region that this belongs to.

    Attributes
    ----------
    paren : Paren
        Scores pairs.
    uitleg : Uitleg
        Tells of pairs.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        peildatum: date,
        plaatsing: StoredModel | None,
        jongeren: Mapping[str, JongereKort],
        ongescoord: AbstractSet[str] = frozenset(),
        beloofd: Mapping[str, str] = NOTHING,
        parts: Parts | None = None,
    ) -> None:
        model = None if plaatsing is None else plaatsing.model
        if model is not None and not isinstance(model, PlaatsingModel):
            raise TypeError(f"pairs are scored by a PlaatsingModel, not by {type(model).__name__}")
        self.peildatum = peildatum
        self._herkomst = None if plaatsing is None else Herkomst.of(plaatsing)
        self._jongeren = jongeren
        self.paren = Paren(
            tables, peildatum, model, ongescoord=ongescoord, beloofd=beloofd, parts=parts
        )
        self.uitleg = Uitleg(tables, model, self.paren.scorer)
        self._order = PlekOrder(self.paren.plekken)
        self._geholpen: Recent[Suggesties] = Recent(GEHOLPEN)
        self._nu: Recent[tuple[Suggesties, Scores]] = Recent(NU)

    def zonder_model(self) -> Self:
        """Return the same without scores, as when the model is stopped; what is big is shared."""
        twin = copy(self)
        twin._herkomst = None
        twin.paren, twin.uitleg = self.paren.zonder_model(), self.uitleg.zonder_model()
        twin._geholpen, twin._nu = Recent(GEHOLPEN), Recent(NU)
        return twin

    def suggesties(
        self, jongere_id: str, *, top: int = 10, volgorde: Volgorde = "passendheid"
    ) -> Suggesties:
        """Rank the leerwerkplekken for one jongere; NotFoundError when the jongere is unknown.

        See `service.ranking.PlekOrder` for the order. Who asks again gets the same object.
        """
        self._check(jongere_id)
        return self._geholpen.made(
            (jongere_id, top, volgorde),
            lambda: self._with_help(jongere_id, self._listed(jongere_id, top, volgorde)[0]),
        )

    def passend(self, jongere_id: str) -> pl.DataFrame:
        """Return ``leerwerkplek_id`` and ``kans`` of every place that no rule blocks, if scored.

        Raises
        ------
        NotFoundError
            The jongere is unknown.
        """
        self._check(jongere_id)
        found = scored(self.paren.score([jongere_id]))
        return self.paren.named(found.jongere, found.plek).with_columns(kans=found.kans)

    def kandidaten(
        self,
        leerwerkplek_id: str,
        *,
        top: int = 10,
        volgorde: Volgorde = "passendheid",
        zichtbaar: AbstractSet[str] | None = None,
    ) -> Kandidaten:
        """Rank the jongeren for one leerwerkplek; NotFoundError when the place is unknown.

        See `service.ranking.order_kandidaten` for the order. With `zichtbaar` only these jongeren
        are ranked and counted; what each can get elsewhere stays a matter of everybody.
        """
        context, zoekend, places = self.paren.context, *self.paren.seen(zichtbaar)
        row = int(context.plek_rows([leerwerkplek_id])[0])
        if row < 0:
            raise NotFoundError("leerwerkplek", leerwerkplek_id)
        every = self.paren.score(zoekend, plekken=[row])
        found = scored(every)
        jongeren, plek = self._jongeren, self.paren.plekken[row]
        zonder = self._kandidaten_zonder(every, top, volgorde)
        if not len(found.kans):
            return Kandidaten(
                peildatum=self.peildatum,
                model_versie=self._versie,
                volgorde=volgorde,
                leerwerkplek=plek,
                kandidaten=(),
                passend=len(every.kans),
                uitgesloten=Buiten(
                    every.blokkades[:, 0], lambda one: (jongeren[zoekend[one]], plek)
                ),
                zonder_score=zonder,
                herkomst=self._herkomst,
            )
        who = np.searchsorted(found.jongeren, found.jongere)
        everybody = self.paren.crowd()
        elders = everybody.elsewhere(row)[places[who]]
        namen = [jongeren[zoekend[one]].naam for one in who]
        picked, ordening = ordening_kandidaten(context, found, elders, namen, top, volgorde)
        told = self.uitleg.tell(context, found.jongere[picked], found.plek[picked])
        return Kandidaten(
            peildatum=self.peildatum,
            model_versie=self._versie,
            volgorde=volgorde,
            leerwerkplek=plek,
            kandidaten=tuple(
                Kandidaat(
                    **vars(self._paar(rang, zoekend[who[pair]], found, pair, one)),
                    elders=float(elders[pair]),
                    andere_plekken=int(everybody.open_places[places[who[pair]]]) - 1,
                )
                for rang, (pair, one) in enumerate(zip(picked, told, strict=True), start=1)
            ),
            passend=len(every.kans),
            uitgesloten=Buiten(every.blokkades[:, 0], lambda one: (jongeren[zoekend[one]], plek)),
            zonder_score=zonder,
            herkomst=self._herkomst,
            ordening=ordening,
        )

    @property
    def herkomst(self) -> Herkomst | None:
        """Where the scores come from; None when the model is stopped."""
        return self._herkomst

    @property
    def _versie(self) -> str:
        return "" if self._herkomst is None else self._herkomst.versie

    def _kandidaten_zonder(
        self, found: PairScores, top: int, volgorde: Volgorde
    ) -> tuple[OngescoordPaar, ...]:
        """Return the jongeren for a place whom no model may score, by name or by journey."""
        pairs = np.flatnonzero(np.isnan(found.kans))
        who = [
            self._jongeren[one]
            for one in self.paren.context.jongeren["jongere_id"].gather(found.jongere[pairs])
        ]
        minutes = found.reistijd_minuten[pairs]
        by_name = volgorde == "naam"
        ordered = sorted(
            range(len(pairs)),
            key=lambda one: (
                (not who[one].naam, who[one].naam.casefold()) if by_name else (False, ""),
                np.inf if np.isnan(minutes[one]) else minutes[one],
            ),
        )
        context = self.paren.context
        return tuple(
            self._ongescoord(context, who[one], found, int(pairs[one])) for one in ordered[:top]
        )

    def _ongescoord(
        self, context: PairContext, jongere: JongereKort, found: PairScores, pair: int
    ) -> OngescoordPaar:
        minutes, plek = found.reistijd_minuten[pair], int(found.plek[pair])
        return OngescoordPaar(
            jongere=jongere,
            leerwerkplek=self.paren.plekken[plek],
            reistijd_minuten=None if np.isnan(minutes) else float(minutes),
            ontbrekend=self.uitleg.ontbrekend(context, int(found.jongere[pair]), plek),
        )

    def wensen(self, jongere_id: str) -> Wijziging:
        """Return what a jongere wants and can do now; NotFoundError when unknown."""
        self._check(jongere_id)
        return wensen_of(self.paren.context, jongere_id)

    def competenties(self) -> Mapping[str, str]:
        """Return the titles of the competenties that places ask, by id, ordered by title."""
        return self._competenties

    @cached_property
    def _competenties(self) -> dict[str, str]:
        titles = {one: self.uitleg.titel(one) for one in self.paren.context.competenties}
        return dict(sorted(titles.items(), key=lambda item: (item[1].casefold(), item[0])))

    def verkenning(self, jongere_id: str, wijziging: Wijziging, *, top: int = 10) -> Verkenning:
        """Rank as if the wishes or conditions were otherwise, beside the list of now.

        Neither list says what would help: exploring is that.

        Raises
        ------
        NotFoundError
            The jongere, or the competentie of the change, is unknown.
        """
        self._check(jongere_id)
        now = self.paren.context
        if wijziging.competentie and wijziging.competentie[0] not in now.competenties:
            raise NotFoundError("competentie", wijziging.competentie[0])
        explored = changed(now, jongere_id, wijziging)
        listed, before = self._listed(jongere_id, top, "passendheid")
        after = self.paren.score([jongere_id], context=explored)
        found = compare(
            wijziging,
            listed,
            self._suggesties(explored, jongere_id, after, top=top),
            before,
            Scores.of(after),
            now.plek_row,
        )
        nu, dan = told_beside(found, now, explored, jongere_id)
        return replace(found, ernaast_nu=nu, ernaast_dan=dan)

    def suggest(self, *, top: int, progress: Progress) -> pl.DataFrame:
        """Rank the best places for the whole doelgroep, also for who has a stage now: it ends.

        Parameters
        ----------
        top : int
            Places per jongere, at least 1.
        progress : callable
            Told how many jongeren are done, and of how many.

        Returns
        -------
        DataFrame
            ``jongere_id``, ``leerwerkplek_id``, ``rang`` from 1, ``kans`` in [0, 1]. Who fits
            nowhere has no row.
        """
        lists = [
            self._best(found, pairs, top)
            for chunk in self.paren.chunks(self.paren.doelgroep, progress)
            for found in [scored(chunk)]
            for pairs in per_jongere(found)
        ]
        return pl.concat([pl.DataFrame(schema=LIST), *lists])

    def match(self, *, progress: Progress) -> pl.DataFrame:
        """Propose one place for each jongere who has none now, within all capacities.

        Returns
        -------
        DataFrame
            ``jongere_id``, ``leerwerkplek_id``, ``kans``; who gets no place has no row.
        """
        pairs = [
            self.paren.named(found.jongere, found.plek).with_columns(
                kans=found.kans,
                reistijd_minuten=pl.Series(found.reistijd_minuten).fill_nan(None),
            )
            for found in map(scored, self.paren.chunks(self.paren.zoekend, progress))
        ]
        vrij = pl.DataFrame(
            [(plek.leerwerkplek_id, plek.vrij) for plek in self.paren.plekken],
            schema={"leerwerkplek_id": pl.String, "vrij": pl.Int64},
            orient="row",
        )
        together = pl.concat([pl.DataFrame(schema=PAIRS), *pairs])
        return allocate(together, vrij).proposal.select(PAIRS.names()[:3])

    def _check(self, jongere_id: str) -> None:
        if jongere_id not in self._jongeren:
            raise NotFoundError("jongere", jongere_id)

    def _best(self, found: PairScores, pairs: Ints, top: int) -> pl.DataFrame:
        """Return the list of one jongere with these open pairs."""
        picked = self._order(self.paren.context, found, pairs, top, "passendheid")
        return self.paren.named(found.jongere[picked], found.plek[picked]).with_columns(
            rang=pl.int_range(1, len(picked) + 1), kans=found.kans[picked]
        )

    def _listed(self, jongere_id: str, top: int, volgorde: Volgorde) -> tuple[Suggesties, Scores]:
        """Return the list of now, without what would help, and the score of every place."""

        def made() -> tuple[Suggesties, Scores]:
            found, context = self.paren.score([jongere_id]), self.paren.context
            listed = self._suggesties(context, jongere_id, found, top=top, volgorde=volgorde)
            return listed, Scores.of(found)

        return self._nu.made((jongere_id, top, volgorde), made)

    def _suggesties(
        self,
        context: PairContext,
        jongere_id: str,
        found: PairScores,
        *,
        top: int,
        volgorde: Volgorde = "passendheid",
    ) -> Suggesties:
        every, found = found, scored(found)
        picked = self._order(context, found, np.arange(len(found.kans)), top, volgorde)
        told = self.uitleg.tell(context, found.jongere[picked], found.plek[picked])
        jongere, plekken = self._jongeren[jongere_id], self.paren.plekken
        anderen = self.paren.anderen(jongere_id, found.plek[picked]) if len(picked) else picked
        zonder = np.flatnonzero(np.isnan(every.kans))
        return Suggesties(
            peildatum=self.peildatum,
            model_versie=self._versie,
            volgorde=volgorde,
            suggesties=tuple(
                Suggestie(
                    **vars(self._paar(rang, jongere_id, found, pair, one)),
                    anderen=int(others),
                    verbetering=None,
                )
                for rang, (pair, one, others) in enumerate(
                    zip(picked, told, anderen, strict=True), start=1
                )
            ),
            passend=len(every.kans),
            uitgesloten=Buiten(every.blokkades[0], lambda row: (jongere, plekken[row])),
            nieuwe_kansen=(),
            titels={},
            zonder_score=tuple(
                self._ongescoord(context, jongere, every, pair)
                for pair in self._order.zonder_score(every, zonder, top, volgorde).tolist()
            ),
            herkomst=self._herkomst,
            ordening=self._order.ordening(context, found, picked, volgorde),
        )

    def _with_help(self, jongere_id: str, listed: Suggesties) -> Suggesties:
        """Return a list of now with what would help on each place, and in all."""
        context, scorer = self.paren.context, self.paren.scorer
        if scorer is None or listed.zonder_score:
            return listed
        shown = [one.leerwerkplek.leerwerkplek_id for one in listed.suggesties]
        better = verbeteringen(context, scorer, jongere_id, shown)
        chances = nieuwe_kansen(context, scorer, jongere_id)
        return replace(
            listed,
            suggesties=tuple(
                replace(one, verbetering=better.get(plek))
                for one, plek in zip(listed.suggesties, shown, strict=True)
            ),
            nieuwe_kansen=tuple(
                NieuweKans(
                    self.paren.plekken[context.plek_rows([one.leerwerkplek_id])[0]],
                    one,
                    invoer_after(context, jongere_id, one),
                )
                for one in chances
            ),
            titels=self.uitleg.titels([*better.values(), *chances]),
        )

    def _paar(
        self, rang: int, jongere_id: str, found: PairScores, pair: int, told: Verteld
    ) -> Paar:
        minutes = found.reistijd_minuten[pair]
        voor, tegen = told.redenen
        return Paar(
            rang=rang,
            jongere=self._jongeren[jongere_id],
            leerwerkplek=self.paren.plekken[found.plek[pair]],
            kans=float(found.kans[pair]),
            laag=told.laag,
            hoog=told.hoog,
            reistijd_minuten=None if np.isnan(minutes) else float(minutes),
            voor=voor,
            tegen=tegen,
            ontbrekend=told.ontbrekend,
            invoer=told.invoer,
        )
