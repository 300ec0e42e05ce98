"""A tiny made-up region that answers as the real one does, for tests of routes and pages."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Self

from features.vocabulary import Beoordelaar
from models.change import Verandering
from models.explanation import Reden
from service.errors import NotFoundError
from service.matchtafel.zicht import TafelZicht
from service.suggesties import JongereKort, Uitvalrisico, VorigeMaand
from service.vaardigheden import Vaardigheden, Vaardigheid, VermoedeVaardigheid
from service.verkenning import Wijziging
from tests.service.fake_matching import (
    OPLEIDINGEN,
    PEILDATUM,
    FakeMatching,
    fake_herkomst,
    fake_invoer,
    make_jongere,
    number_of,
)
from tests.service.fake_routes import FakeRoutes
from tests.service.region import small_regio


def make_uitvalrisico(number: int) -> Uitvalrisico:
    """Return the risk of jongere `J<number>`; a lower number has a higher risk."""
    return Uitvalrisico(
        jongere=make_jongere(number),
        peildatum=PEILDATUM,
        kans=0.62 * 0.93**number,
        laag=0.0 if number > 30 else 0.11,
        hoog=0.66,
        verhogend=()
        if number == 5
        else (
            Reden("verzuim_ongeoorloofd_13", 0.14, 9.3),
            Reden("stage_zoekduur_langste", 11.0, 4.1),
            Reden("contact_gelukt", None, 0.6),
        ),
        verlagend=(Reden("stage_loopt", 1.0, -3.2), Reden("resultaat_niveau", 0.71, -1.4)),
        vorige_maand=None if number == 6 else make_vorige_maand(number),
        te_weinig_gegevens=False,
        model_versie="1",
        herkomst=fake_herkomst("uitvalrisico", "1"),
        invoer=fake_invoer("uitvalrisico", number),
    )


def make_vorige_maand(number: int) -> VorigeMaand:
    """Return what changed for jongere `J<number>`: 9.2 points up in all."""
    return VorigeMaand(
        peildatum=date(2026, 10, 1),
        kans=max(0.62 * 0.93**number - 0.092, 0.0),
        veranderingen=(
            Verandering("verzuim", "verzuim_ongeoorloofd_13", 0.04, 0.14, 6.3),
            Verandering("stage", "stage_loopt", 1.0, 0.0, 3.3),
            Verandering("contact", "contact_gelukt", None, 1.0, -0.4),
        ),
    )


@dataclass
class FakeRegio:
    """A region of `n_jongeren` jongeren, J0 with the highest risk."""

    n_jongeren: int = 60
    n_plekken: int = 12
    peildatum: date = PEILDATUM
    stempel: str = "fake"
    importrun: int = 0
    failure: Exception | None = None
    explored: list[Wijziging] = field(default_factory=list)

    @property
    def matching(self) -> FakeMatching:
        """Return the pairs."""
        return FakeMatching(self.n_jongeren, self.n_plekken, self.peildatum, self.explored)

    @property
    def routes(self) -> FakeRoutes:
        """Return the routes."""
        return FakeRoutes(self.n_jongeren)

    @property
    def tafel(self) -> TafelZicht:
        """Return what a table sees of the small region: a fake proposal proves nothing."""
        return small_regio().tafel

    def jongeren(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        volgorde: Literal["uitvalrisico", "naam"] = "uitvalrisico",
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[Uitvalrisico], int]:
        """Return one page of the list."""
        if self.failure is not None:
            raise self.failure
        rows = [
            row
            for row in map(make_uitvalrisico, range(self.n_jongeren))
            if (zoek.lower() in row.jongere.naam.lower() or zoek == row.jongere.jongere_id)
            and onderwijssoort in {None, row.jongere.onderwijssoort}
            and (zichtbaar is None or row.jongere.jongere_id in zichtbaar)
        ]
        if volgorde == "naam":
            rows.sort(key=lambda row: row.jongere.naam)
        return rows[vanaf : vanaf + aantal], len(rows)

    @property
    def gestopt(self) -> frozenset[str]:
        """Return that nothing is stopped."""
        return frozenset()

    def zonder(self, modellen: AbstractSet[str]) -> Self:
        """Return the same region: what a stop does is tested on a real one."""
        return self

    def zonder_score(
        self,
        *,
        zoek: str = "",
        onderwijssoort: str | None = None,
        vanaf: int = 0,
        aantal: int = 25,
        zichtbaar: AbstractSet[str] | None = None,
    ) -> tuple[list[JongereKort], int]:
        """Return that everybody has a score."""
        return [], 0

    def midden(self, *, zichtbaar: AbstractSet[str] | None = None) -> float | None:
        """Return the risk in the middle of the list."""
        rows, total = self.jongeren(aantal=self.n_jongeren, zichtbaar=zichtbaar)
        return rows[total // 2].kans if total else None

    def jongere(self, jongere_id: str) -> JongereKort:
        """Return who somebody is; J8 left school, so there is no risk to show."""
        return make_jongere(number_of("jongere", jongere_id, "J", self.n_jongeren))

    def vaardigheden(self, jongere_id: str) -> Vaardigheden:
        """Return an old and a fresh judgement, and what follows; J1 was never judged."""
        if self.jongere(jongere_id).jongere_id == "J1":
            return Vaardigheden((), ())
        return Vaardigheden(
            (
                Vaardigheid("Werkt met de kassa", 4, 3, 14, Beoordelaar.SCHOOL),
                Vaardigheid("Komt op tijd", 2, 2, 1, Beoordelaar.LEERBEDRIJF),
            ),
            (VermoedeVaardigheid("Rekenen", 3, 2),),
        )

    def uitvalrisico(self, jongere_id: str) -> Uitvalrisico:
        """Return the risk of one."""
        if jongere_id == "J8":
            raise NotFoundError("jongere", jongere_id)
        return make_uitvalrisico(number_of("jongere", jongere_id, "J", self.n_jongeren))

    def onderwijssoorten(self) -> list[str]:
        """Return the onderwijssoorten."""
        return sorted({soort for soort, _ in OPLEIDINGEN})
