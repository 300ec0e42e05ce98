from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.contract import Tables
from features.vocabulary import Omstandigheid, Ondersteuning, Sector, Vervoer
from service.errors import NotFoundError
from service.matching import Matching
from service.verkenning import Wijziging
from tests.service.region import CONFIG, regio_of, small_regio, small_region

Word = TypeVar("Word", bound=StrEnum)
TODAY = CONFIG.peildatum


def subsets(words: Sequence[Word]) -> st.SearchStrategy[tuple[Word, ...]]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True).map(tuple)


COMPETENTIES = sorted(set(small_region().tables["leerwerkplek_eis"]["competentie_id"]))
WIJZIGINGEN = st.builds(
    Wijziging,
    uren_min=st.none() | st.sampled_from([4.0, 8.0]),
    uren_max=st.none() | st.sampled_from([12.0, 24.0, 40.0]),
    reistijd_max=st.none() | st.sampled_from([15.0, 45.0, 90.0]),
    rijbewijs=st.none() | st.booleans(),
    vervoer=st.none() | subsets(list(Vervoer)),
    vermijdt=st.none() | st.just(()) | subsets(list(Omstandigheid)[:10]),
    ondersteuning=st.none() | st.just(()) | subsets(list(Ondersteuning)),
    sectoren=st.none() | subsets(list(Sector)),
    competentie=st.none() | st.tuples(st.sampled_from(COMPETENTIES), st.integers(0, 4)),
)
JONGEREN = st.sampled_from(small_region().tables["jongere"]["jongere_id"].head(300).to_list())


@pytest.fixture(scope="module")
def matching() -> Matching:
    return small_regio().matching


def stored(tables: Tables, jongere_id: str, wijziging: Wijziging) -> Tables:
    """Return tables in which the change was written down on the peildatum."""
    after = dict(tables)
    own = pl.col("jongere_id") == jongere_id
    asked: dict[str, object] = dict(wijziging.wensen())
    support = asked.pop("steun", None)
    if asked:
        voorkeur = tables["voorkeur"]
        latest = voorkeur.filter(own, pl.col("bekend_op") <= TODAY).sort("datum", "bekend_op")
        row = latest.tail(1).to_dicts()[0] if latest.height else {"jongere_id": jongere_id}
        row |= {"bron": "test", "datum": TODAY, "bekend_op": TODAY}
        row |= {name: list(v) if isinstance(v, tuple) else v for name, v in asked.items()}
        after["voorkeur"] = pl.concat(
            [
                voorkeur.filter(~(own & (pl.col("datum") == TODAY))),
                pl.DataFrame([row], schema=voorkeur.schema),
            ]
        )
    if isinstance(support, tuple):
        needs = _rows(tables, "ondersteuningsbehoefte", jongere_id, "soort", list(support))
        after["ondersteuningsbehoefte"] = pl.concat(
            [
                tables["ondersteuningsbehoefte"].filter(~own),
                needs.with_columns(toestemming=pl.lit(value=True)),
            ]
        )
    if wijziging.competentie is not None:
        code, niveau = wijziging.competentie
        before = tables["competentiemeting"].filter(~(own & (pl.col("competentie_id") == code)))
        judged = _rows(tables, "competentiemeting", jongere_id, "competentie_id", [code])
        after["competentiemeting"] = pl.concat(
            [
                before,
                judged.with_columns(
                    niveau=pl.lit(niveau, dtype=pl.Int32), bron=pl.lit("leerbedrijf")
                ),
            ]
        )
    return after


def _rows(
    tables: Tables, name: str, jongere_id: str, column: str, values: list[str]
) -> pl.DataFrame:
    """Return rows of a table, written down on the peildatum."""
    rows = [
        {"jongere_id": jongere_id, "datum": TODAY, "bekend_op": TODAY, "bron": "test", column: one}
        for one in values
    ]
    return pl.DataFrame(rows, schema=tables[name].schema)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(JONGEREN, WIJZIGINGEN)
def test_a_verkenning_gives_what_storing_the_wish_and_asking_again_gives(
    matching: Matching, jongere_id: str, wijziging: Wijziging
) -> None:
    explored = matching.verkenning(jongere_id, wijziging, top=40).dan
    again = regio_of(stored(small_region().tables, jongere_id, wijziging)).matching
    found = again.suggesties(jongere_id, top=40)

    assert [one.leerwerkplek for one in explored.suggesties] == [
        one.leerwerkplek for one in found.suggesties
    ]
    for one, other in zip(explored.suggesties, found.suggesties, strict=True):
        assert one.kans == pytest.approx(other.kans, abs=1e-9)
        assert one.ontbrekend == other.ontbrekend
        assert [reden.feature for reden in one.voor] == [reden.feature for reden in other.voor]
    assert {(one.leerwerkplek, one.blokkades) for one in explored.uitgesloten} == {
        (one.leerwerkplek, one.blokkades) for one in found.uitgesloten
    }


def test_exploring_stores_nothing(matching: Matching) -> None:
    before = matching.suggesties("J000004")
    matching.verkenning("J000004", Wijziging(reistijd_max=5.0, vervoer=(Vervoer.LOPEN,)))

    assert matching.suggesties("J000004") == before


def test_exploring_what_is_so_already_changes_nothing(matching: Matching) -> None:
    for jongere_id in small_region().tables["jongere"]["jongere_id"].sample(20, seed=2):
        found = matching.verkenning(jongere_id, matching.wensen(jongere_id), top=20)

        assert found.nu == found.dan
        assert not found.vervallen
        assert {one.verschil for one in found.plekken} <= {"gelijk"}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(JONGEREN, WIJZIGINGEN)
def test_every_place_of_both_lists_is_told_of_with_what_became_of_it(
    matching: Matching, jongere_id: str, wijziging: Wijziging
) -> None:
    found = matching.verkenning(jongere_id, wijziging, top=5)
    nu = {one.leerwerkplek.leerwerkplek_id: one.rang for one in found.nu.suggesties}
    dan = {one.leerwerkplek.leerwerkplek_id: one.rang for one in found.dan.suggesties}

    assert tuple(one.suggestie for one in found.plekken) == found.dan.suggesties
    for one in found.plekken:
        plek = one.suggestie.leerwerkplek.leerwerkplek_id
        assert one.rang_nu == nu.get(plek)
        assert (one.verschil == "nieuw") == (plek not in nu)
        assert (one.kans_nu is None) == bool(one.opgeheven)
    gone = {one.suggestie.leerwerkplek.leerwerkplek_id: one for one in found.vervallen}
    assert set(gone) == set(nu) - set(dan)
    assert all((one.kans_dan is None) == bool(one.blokkades) for one in gone.values())


def test_whoever_or_whatever_is_unknown_is_not_found(matching: Matching) -> None:
    with pytest.raises(NotFoundError):
        matching.verkenning("niemand", Wijziging())
    with pytest.raises(NotFoundError):
        matching.verkenning("J000004", Wijziging(competentie=("WV-niets", 3)))
    with pytest.raises(NotFoundError):
        matching.wensen("niemand")
