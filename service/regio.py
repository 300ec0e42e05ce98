"""One region seen from one peildatum, in memory: everybody's risk, and the pairs beside it.

The commands, the API and the pages ask the same `Regio`, so they cannot differ. Nothing in it
changes once it is made, so many threads may ask at once.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from copy import copy
from datetime import date
from functools import partial
from typing import Literal, Self
from uuid import uuid4

import polars as pl

from features.contract import Tables
from features.peildatum import cut_to_peildatum
from features.risicoprofiel import PER_JONGERE, population, risicoprofiel
from models.change import between_profiles
from models.leerwerkplek import PlaatsingModel
from models.praktijkverklaring_leren import WerkprocesModel
from models.registered import RegisteredModel
from models.splitting import add_months
from models.store import StoredModel
from models.uitvalrisico import UitvalrisicoModel
from service.errors import NotFoundError
from service.matching import Matching
from service.matchtafel.zicht import TafelZicht
from service.overzicht import jongere_overzicht
from service.paren import NOTHING
from service.routes import Routekaart
from service.snapshot.crowds import crowd_after
from service.snapshot.parts import Parts
from service.snapshot.recent import Recent
from service.suggestielog.herkomst import Herkomst
from service.suggesties import JongereKort, Uitvalrisico, VorigeMaand
from service.vaardigheden import Vaardigheden, Vaardigheidskaart

Volgorde = Literal["uitvalrisico", "naam"]
PROFIEL_TABLES = frozenset({*PER_JONGERE, "diploma", "kwalificatie"})
OVERZICHT_TABLES = frozenset({"jongere", "inschrijving", "kwalificatie"})
"""What the risk, and what a list shows of a jongere, are made of."""
LIJSTEN = 64
"""Lists in order that stay in memory, by what was asked and who may be seen."""
PAGINAS = 500
"""Pages of such lists that stay in memory, by who is on them."""
UITGELEGD = 2_000
"""Jongeren whose risk stays explained in memory: about eight kilobytes each."""


class Regio:
    """Everything that a person asks of one region on one peildatum.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        The canonical tables; what was not known on the peildatum is cut away here.
    peildatum : date
        The day from which we look.
    uitvalrisico, plaatsing : StoredModel, optional
        The models that score, with their versions; None when people stopped one.
    namen : mapping of jongere_id to name
        Names to show; a jongere without one is shown without.
    scholen : mapping of code to name
        Names of schools, as far as they are known.
    werkproces : StoredModel, optional
        The model of learning; without it there are no routes.
    ongescoord : set of str
        Jongeren whom no model may score.
    beloofd : mapping of str to str
        The leerwerkplek_id that each jongere_id was promised and has yet to begin.
    importrun : int
        Number of the last run whose data the tables hold.
    former : Regio, optional
        The region before; what is made of the same objects is taken over from it.

    Attributes
    ----------
    stempel : str
        Of this region and no other; for what is kept as long as the region stays.
    matching : Matching
        Places for a jongere, candidates for a place.
    routes : Routekaart
        Routes towards a praktijkverklaring.
    tafel : TafelZicht
        What a matchtafel sees.
    scores : DataFrame
        ``jongere_id`` and ``uitvalrisico`` of everybody enrolled without startkwalificatie, by id.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        peildatum: date,
        uitvalrisico: StoredModel | None,
        plaatsing: StoredModel | None,
        namen: Mapping[str, str],
        scholen: Mapping[str, str] = NOTHING,
        werkproces: StoredModel | None = None,
        ongescoord: AbstractSet[str] = frozenset(),
        beloofd: Mapping[str, str] = NOTHING,
        importrun: int = 0,
        former: "Regio | None" = None,
    ) -> None:
        self.peildatum = peildatum
        self.stempel = uuid4().hex
        self.importrun = importrun
        self._parts: Parts = Parts(None if former is None else former._parts)
        parts = self._parts
        self._tables = _cut(tables, peildatum, parts)
        self._uitvalrisico = uitvalrisico
        self._herkomst = None if uitvalrisico is None else Herkomst.of(uitvalrisico)
        self._gestopt = _absent(uitvalrisico, plaatsing)
        self._eerder = add_months(peildatum, -1)
        self._profiel, self._vorig = parts.of_tables(
            "risicoprofiel",
            self._tables,
            PROFIEL_TABLES,
            lambda seen: _profielen(seen, peildatum, self._eerder),
            peildatum,
        )
        self._jongeren = parts.of_tables(
            "overzicht",
            self._tables,
            OVERZICHT_TABLES,
            lambda seen: jongere_overzicht(seen, peildatum, namen, scholen),
            peildatum,
            dict(namen),
            dict(scholen),
        )
        self._vaardigheidskaart = Vaardigheidskaart(self._tables, peildatum)
        self.matching = Matching(
            self._tables,
            peildatum=peildatum,
            plaatsing=plaatsing,
            jongeren=self._jongeren,
            ongescoord=ongescoord,
            beloofd=beloofd,
            parts=parts,
        )
        self.routes = Routekaart(
            self._tables,
            peildatum=peildatum,
            werkproces=werkproces,
            passend=self.matching.passend,
            parts=parts,
        )
        self.scores = parts.part(
            "scores",
            [self._profiel, uitvalrisico and uitvalrisico.model, frozenset(ongescoord)],
            lambda: _scores(self._profiel, uitvalrisico, ongescoord),
        )
        self.tafel = TafelZicht(
            self._tables,
            peildatum=peildatum,
            scores=self.scores,
            jongeren=self._jongeren,
            paren=self.matching.paren,
            uitleg=self.matching.uitleg,
            modellen={
                one.model.name: {"versie": one.version, "sha256": one.sha256}
                for one in (uitvalrisico, plaatsing)
                if one is not None
            },
            herkomst=self.matching.herkomst,
        )
        self._people = (
            self._profiel.select("jongere_id")
            .join(pl.DataFrame(list(self._jongeren.values()), schema=_LIST_SCHEMA), on="jongere_id")
            .sort("jongere_id")
        )
        self._list = self._with_scores()
        # what was told of the same profiles by the same model stays told
        self._uitgelegd: Recent[Uitvalrisico] = parts.part(
            "uitgelegd",
            [self._profiel, self._vorig, self.scores, self._jongeren, uitvalrisico],
            lambda: Recent(UITGELEGD),
        )
        self._lijsten: Recent[list[str]] = Recent(LIJSTEN)
        self._paginas: Recent[list[Uitvalrisico]] = Recent(PAGINAS)
        parts.let_go()

    @property
    def gestopt(self) -> frozenset[str]:
        """Names of the models that this region does without, because people stopped them."""
        return self._gestopt

    @property
    def herkomst(self) -> Herkomst | None:
        """Where the uitvalrisico comes from; None when the model is stopped."""
        return self._herkomst

    def invoer(self) -> list[bytes]:
        """Return what went into the model for everybody in `scores`, in that order."""
        rows = self.scores.select("jongere_id").join(
            self._profiel, on="jongere_id", maintain_order="left"
        )
        return [given.tobytes() for given in UitvalrisicoModel.matrix(rows)]

    def zonder(self, modellen: AbstractSet[str]) -> Self:
        """Return this region as if these models were stopped; what is big is shared (TRUST H7).

        The copy holds no model of these names, so nothing in it can score by one.
        """
        if modellen <= self._gestopt:
            return self
        twin = copy(self)
        twin._gestopt = self._gestopt | modellen
        if UitvalrisicoModel.name in modellen:
            twin._uitvalrisico, twin._herkomst = None, None
            twin.scores = self.scores.clear()
            twin._list, twin._uitgelegd = twin._with_scores(), Recent(UITGELEGD)
            twin._lijsten, twin._paginas = Recent(LIJSTEN), Recent(PAGINAS)
        if PlaatsingModel.name in modellen:
            twin.matching = self.matching.zonder_model()
        if modellen & {PlaatsingModel.name, WerkprocesModel.name}:
            twin.routes = self.routes.zonder_model(twin.matching.passend)
        twin.tafel = self.tafel.zonder(modellen)
        return twin

    def _with_scores(self) -> pl.DataFrame:
        """Return everybody of the list; the uitvalrisico of who has none is null."""
        return self._people.join(self.scores, on="jongere_id", how="left", maintain_order="left")

    def prepare(self, former: "Regio | None" = None) -> None:
        """Count what the first reader would wait for; after a former region only what changed."""
        paren = self.matching.paren
        if paren.scorer is None:
            return
        if former is None:
            paren.crowd()
        else:
            paren.keep_crowd(crowd_after(former.matching.paren, paren))

    def onderwijssoorten(self) -> list[str]:
        """Kinds of education that occur in the list, in alphabetical order."""
        return self._list["onderwijssoort"].drop_nulls().unique().sort().to_list()

    def jongeren(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        volgorde: Volgorde = "uitvalrisico",
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[Uitvalrisico], int]:
        """Return one page of the list with reasons, and how many there are in all.

        `zoek` looks for a part of the name or the exact jongere_id, without regard to capitals.
        With `zichtbaar` only these jongeren are listed and counted. Who asks the same page again
        gets the same object, so never change it.
        """
        seen = None if zichtbaar is None else frozenset(zichtbaar)
        ids = self._lijsten.made(
            (zoek, onderwijssoort, volgorde, seen),
            lambda: self._ordered(zoek, onderwijssoort, volgorde, seen),
        )
        page = ids[vanaf : vanaf + aantal]
        return self._paginas.made(tuple(page), lambda: self._explain(page)), len(ids)

    def _ordered(
        self,
        zoek: str,
        onderwijssoort: str | None,
        volgorde: Volgorde,
        zichtbaar: AbstractSet[str] | None,
    ) -> list[str]:
        """Return who of the list has a score, in this order."""
        found = self._found(zoek, onderwijssoort, zichtbaar)
        found = found.filter(pl.col("uitvalrisico").is_not_null())
        found = (
            found.sort("naam", "jongere_id")
            if volgorde == "naam"
            else found.sort("uitvalrisico", "jongere_id", descending=[True, False])
        )
        return found["jongere_id"].to_list()

    def zonder_score(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[JongereKort], int]:
        """Return who is in the list without uitvalrisico, by name, and how many they are.

        Everybody when the model is stopped; otherwise those whom no model may score.
        """
        seen = None if zichtbaar is None else frozenset(zichtbaar)
        ids = self._lijsten.made(
            (zoek, onderwijssoort, seen), lambda: self._unscored(zoek, onderwijssoort, seen)
        )
        return [self._jongeren[one] for one in ids[vanaf : vanaf + aantal]], len(ids)

    def _unscored(
        self, zoek: str, onderwijssoort: str | None, zichtbaar: AbstractSet[str] | None
    ) -> list[str]:
        """Return who of the list has no score, by name."""
        found = self._found(zoek, onderwijssoort, zichtbaar)
        found = found.filter(pl.col("uitvalrisico").is_null()).sort("naam", "jongere_id")
        return found["jongere_id"].to_list()

    def midden(self, *, zichtbaar: AbstractSet[str] | None = None) -> float | None:
        """Return the uitvalrisico that half of the (visible) list lies above; None without."""
        found = self._found("", None, zichtbaar)["uitvalrisico"].drop_nulls()
        return found.sort(descending=True)[found.len() // 2] if found.len() else None

    def _found(
        self, zoek: str, onderwijssoort: str | None, zichtbaar: AbstractSet[str] | None
    ) -> pl.DataFrame:
        found = self._list
        if zichtbaar is not None:
            found = found.filter(pl.col("jongere_id").is_in(list(zichtbaar)))
        if zoek:
            word = zoek.strip().lower()
            in_name = pl.col("naam").str.to_lowercase().str.contains(word, literal=True)
            found = found.filter(in_name | (pl.col("jongere_id").str.to_lowercase() == word))
        if onderwijssoort is not None:
            found = found.filter(pl.col("onderwijssoort") == onderwijssoort)
        return found

    def jongere(self, jongere_id: str) -> JongereKort:
        """Return who a jongere is; NotFoundError when unknown."""
        if jongere_id not in self._jongeren:
            raise NotFoundError("jongere", jongere_id)
        return self._jongeren[jongere_id]

    def vaardigheden(self, jongere_id: str) -> Vaardigheden:
        """Return what a jongere can do; NotFoundError when unknown."""
        return self._vaardigheidskaart.vaardigheden(self.jongere(jongere_id).jongere_id)

    def uitvalrisico(self, jongere_id: str) -> Uitvalrisico:
        """Return the risk of one jongere with its reasons.

        Raises
        ------
        NotFoundError
            The jongere is unknown, or not enrolled without startkwalificatie on the peildatum.
        """
        found = self._explain([jongere_id])
        if not found:
            raise NotFoundError("jongere", jongere_id)
        return found[0]

    def _explain(self, ids: list[str]) -> list[Uitvalrisico]:
        """Return the risks of these jongeren in this order, those in the list only.

        What was told before is told again by the same object.
        """
        known = {one: self._uitgelegd.get(one) for one in ids}
        untold = [one for one, risico in known.items() if risico is None]
        for one in self._tell(untold) if untold else ():
            name = one.jongere.jongere_id
            known[name] = self._uitgelegd.keep(name, one)
        return [risico for risico in map(known.get, ids) if risico is not None]

    def _tell(self, ids: list[str]) -> list[Uitvalrisico]:
        wanted = pl.DataFrame({"jongere_id": ids}, schema={"jongere_id": pl.String})
        wanted = wanted.join(self.scores, on="jongere_id", how="semi", maintain_order="left")
        rows = wanted.join(self._profiel, on="jongere_id", maintain_order="left")
        if not rows.height or self._uitvalrisico is None:
            return []
        model = self._uitvalrisico.model
        bounds = model.bounds(rows)
        vorig = self._changes(model, rows)
        return [
            Uitvalrisico(
                jongere=self._jongeren[jongere_id],
                peildatum=self.peildatum,
                kans=float(kans),
                laag=float(laag),
                hoog=float(hoog),
                verhogend=verhogend,
                verlagend=verlagend,
                vorige_maand=vorig.get(jongere_id),
                te_weinig_gegevens=model.te_weinig_gegevens,
                model_versie=self._uitvalrisico.version,
                herkomst=self._herkomst,
                invoer=given.tobytes(),
            )
            for jongere_id, kans, laag, hoog, (verhogend, verlagend), given in zip(
                rows["jongere_id"],
                self._kansen(rows),
                bounds.low,
                bounds.high,
                model.redenen(rows),
                model.matrix(rows),
                strict=True,
            )
        ]

    def _kansen(self, rows: pl.DataFrame) -> pl.Series:
        """Return the score of each row as the list has it."""
        return rows.join(self.scores, on="jongere_id", maintain_order="left")["uitvalrisico"]

    def _changes(self, model: RegisteredModel, rows: pl.DataFrame) -> dict[str, VorigeMaand]:
        """Return what changed for each jongere who was in the list a month earlier."""
        now = rows.join(self._vorig.select("jongere_id"), on="jongere_id", maintain_order="left")
        then = now.select("jongere_id").join(self._vorig, on="jongere_id", maintain_order="left")
        if not then.height:
            return {}
        return {
            jongere_id: VorigeMaand(self._eerder, float(kans), changes)
            for jongere_id, kans, changes in zip(
                now["jongere_id"],
                model.predict(then),
                between_profiles(model, then, now),
                strict=True,
            )
        }


def _cut(tables: Tables, peildatum: date, parts: Parts) -> dict[str, pl.DataFrame]:
    """Return the tables as known on the peildatum, one by one: most stay the same objects."""
    return {
        name: parts.part(
            f"tabel {name}", [frame, peildatum], partial(_cut_one, name, frame, peildatum)
        )
        for name, frame in tables.items()
    }


def _cut_one(name: str, frame: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """Return a table as known on the peildatum: itself where nothing in it came later."""
    cut = cut_to_peildatum({name: frame}, peildatum)[name]
    return frame if cut.equals(frame) else cut


def _profielen(tables: Tables, peildatum: date, eerder: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the profiles of everybody in the list now, and of who was in it a month earlier."""
    both = risicoprofiel(tables, population(tables, [eerder, peildatum]))
    return both.filter(pl.col("peildatum") == peildatum), both.filter(pl.col("peildatum") == eerder)


def _scores(
    profiel: pl.DataFrame, uitvalrisico: StoredModel | None, ongescoord: AbstractSet[str]
) -> pl.DataFrame:
    """Return the chance of everybody who may be scored, by id; nobody's without a model."""
    if uitvalrisico is None:
        return pl.DataFrame(schema={"jongere_id": pl.String, "uitvalrisico": pl.Float64})
    may = profiel.filter(~pl.col("jongere_id").is_in(list(ongescoord)))
    kansen = pl.Series("uitvalrisico", uitvalrisico.model.predict(may))
    return may.select("jongere_id", kansen).sort("jongere_id")


def _absent(uitvalrisico: StoredModel | None, plaatsing: StoredModel | None) -> frozenset[str]:
    given = ((UitvalrisicoModel.name, uitvalrisico), (PlaatsingModel.name, plaatsing))
    return frozenset(name for name, model in given if model is None)


_LIST_SCHEMA = pl.Schema(
    {
        "jongere_id": pl.String,
        "naam": pl.String,
        "leeftijd": pl.Int64,
        "woonplaats": pl.String,
        "instelling": pl.String,
        "onderwijssoort": pl.String,
        "opleiding": pl.String,
        "school": pl.String,
    }
)
