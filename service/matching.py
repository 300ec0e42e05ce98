"""Pairs of jongeren and leerwerkplekken of one region, scored and ranked on request.

Lists, files and proposals ask the same `Matching`, so they cannot differ. Nothing in it changes
once it is made, so many threads may ask at once.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import polars as pl

from features.blokkade import Blokkade, column
from features.contract import Tables
from features.passendheid import missing_competenties, pair_features, prepare_pairs
from models.allocation import greedy
from models.store import StoredModel
from service.errors import NotFoundError
from service.overzicht import doelgroep, leerwerkplek_overzicht, zoekende_jongeren
from service.ranking import BLOCKED, NO_PAIRS, best_places, ranked
from service.suggesties import (
    JongereKort,
    OntbrekendeCompetentie,
    Suggestie,
    Suggesties,
    Uitgesloten,
)

PAIRS_PER_CHUNK = 250_000
"""Pairs whose features are held in memory at once."""


class Matching:
    """Places for one jongere, candidates for one place, and lists for everybody.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        The canonical tables, cut to the peildatum.
    peildatum : date
        The day from which we look.
    plaatsing : StoredModel
        The model that scores a pair, with its version.
    jongeren : mapping of jongere_id to JongereKort
        Who is shown; whoever is not in it is unknown.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        peildatum: date,
        plaatsing: StoredModel,
        jongeren: Mapping[str, JongereKort],
    ) -> None:
        self.peildatum = peildatum
        self._tables = tables
        self._plaatsing = plaatsing
        self._jongeren = jongeren
        self._plekken = leerwerkplek_overzicht(tables, peildatum)
        self._pair_context = prepare_pairs(tables, peildatum)
        self._doelgroep = doelgroep(tables, peildatum)["jongere_id"].to_list()
        self._zoekend = zoekende_jongeren(tables, peildatum)["jongere_id"].to_list()

    def suggesties(self, jongere_id: str, *, top: int = 10) -> Suggesties:
        """Rank the leerwerkplekken for one jongere; NotFoundError when the jongere is unknown."""
        if jongere_id not in self._jongeren:
            raise NotFoundError("jongere", jongere_id)
        return self._rank([jongere_id], list(self._plekken), top)

    def kandidaten(self, leerwerkplek_id: str, *, top: int = 10) -> Suggesties:
        """Rank the jongeren for one leerwerkplek; NotFoundError when the place is unknown."""
        if leerwerkplek_id not in self._plekken:
            raise NotFoundError("leerwerkplek", leerwerkplek_id)
        return self._rank(self._zoekend, [leerwerkplek_id], top)

    def suggest(self, *, top: int, progress: Callable[[int, int], None]) -> pl.DataFrame:
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
        best = [
            best_places(open_pairs, top)
            for open_pairs in self._open_pairs(self._doelgroep, progress)
        ]
        return pl.concat(best or [best_places(NO_PAIRS, top)])

    def match(self, *, progress: Callable[[int, int], None]) -> pl.DataFrame:
        """Propose one place for each jongere who has none now, within all capacities.

        Returns
        -------
        DataFrame
            ``jongere_id``, ``leerwerkplek_id``, ``kans``; who gets no place has no row.
        """
        pairs = pl.concat([NO_PAIRS, *self._open_pairs(self._zoekend, progress)])
        vrij = pl.DataFrame(
            [(plek.leerwerkplek_id, plek.vrij) for plek in self._plekken.values()],
            schema={"leerwerkplek_id": pl.String, "vrij": pl.Int64},
            orient="row",
        )
        return greedy(pairs.select("jongere_id", "leerwerkplek_id", "kans"), vrij)

    def _open_pairs(
        self, ids: list[str], progress: Callable[[int, int], None]
    ) -> Iterator[pl.DataFrame]:
        """Yield the scored pairs that no rule blocks, some jongeren at a time."""
        size = max(1, PAIRS_PER_CHUNK // max(1, len(self._plekken)))
        for start in range(0, len(ids), size):
            pairs = self._pairs(ids[start : start + size], list(self._plekken))
            open_pairs = pair_features(self._pair_context, pairs).filter(~BLOCKED)
            yield self._score(open_pairs).select(NO_PAIRS.columns)
            progress(min(start + size, len(ids)), len(ids))

    def _pairs(self, jongeren: list[str], plekken: list[str]) -> pl.DataFrame:
        return (
            pl.DataFrame({"jongere_id": jongeren}, schema={"jongere_id": pl.String})
            .join(
                pl.DataFrame({"leerwerkplek_id": plekken}, schema={"leerwerkplek_id": pl.String}),
                how="cross",
            )
            .with_columns(pl.lit(self.peildatum).alias("peildatum"))
        )

    def _score(self, open_pairs: pl.DataFrame) -> pl.DataFrame:
        if not open_pairs.height:
            return open_pairs.with_columns(pl.lit(None, dtype=pl.Float64).alias("kans"))
        return open_pairs.with_columns(pl.Series("kans", self._plaatsing.model.predict(open_pairs)))

    def _rank(self, jongeren: list[str], plekken: list[str], top: int) -> Suggesties:
        pairs = pair_features(self._pair_context, self._pairs(jongeren, plekken))
        passend = self._score(pairs.filter(~BLOCKED))
        shown = ranked(passend).head(top)
        return Suggesties(
            peildatum=self.peildatum,
            model_versie=self._plaatsing.version,
            suggesties=tuple(self._describe(shown)) if shown.height else (),
            passend=passend.height,
            uitgesloten=tuple(self._excluded(pairs.filter(BLOCKED))),
        )

    def _describe(self, shown: pl.DataFrame) -> Iterator[Suggestie]:
        missing: dict[tuple[str, str], list[OntbrekendeCompetentie]] = {}
        titles = dict(self._tables["competentie"].select("competentie_id", "titel").iter_rows())
        keys = shown.select("jongere_id", "leerwerkplek_id", "peildatum")
        for row in missing_competenties(self._tables, keys).iter_rows(named=True):
            missing.setdefault((row["jongere_id"], row["leerwerkplek_id"]), []).append(
                OntbrekendeCompetentie(
                    competentie_id=row["competentie_id"],
                    titel=titles.get(row["competentie_id"], row["competentie_id"]),
                    gevraagd=row["gevraagd"],
                    niveau=None if row["niveau"] is None else round(row["niveau"]),
                    hard=row["hard"],
                )
            )
        redenen = self._plaatsing.model.redenen(shown.drop("kans"))
        for rang, (row, (voor, tegen)) in enumerate(
            zip(shown.iter_rows(named=True), redenen, strict=True), start=1
        ):
            yield Suggestie(
                rang=rang,
                jongere=self._jongeren[row["jongere_id"]],
                leerwerkplek=self._plekken[row["leerwerkplek_id"]],
                kans=row["kans"],
                reistijd_minuten=row["reistijd_minuten"],
                voor=voor,
                tegen=tegen,
                ontbrekend=tuple(missing.get((row["jongere_id"], row["leerwerkplek_id"]), ())),
            )

    def _excluded(self, blocked: pl.DataFrame) -> Iterator[Uitgesloten]:
        rules = [column(blokkade) for blokkade in Blokkade]
        nearest = blocked.with_columns(pl.sum_horizontal(rules).alias("regels")).sort(
            "regels", "reistijd_minuten", "leerwerkplek_id", "jongere_id", nulls_last=True
        )
        for row in nearest.iter_rows(named=True):
            yield Uitgesloten(
                jongere=self._jongeren[row["jongere_id"]],
                leerwerkplek=self._plekken[row["leerwerkplek_id"]],
                blokkades=tuple(blokkade for blokkade in Blokkade if row[column(blokkade)]),
            )
