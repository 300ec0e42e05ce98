from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import pair_kernel
from features.blokkade import Blokkade, bit, blokkades_of, column
from features.leerwerkplek import leerwerkplek_conditions
from features.pair_context import Wensen, with_wensen
from features.passendheid import (
    PAIR_FEATURES,
    blocked_by,
    missing_competenties,
    pair_features,
    prepare_pairs,
)
from features.peildatum import RIJ, numbered
from features.registry import names
from features.vaardigheidsprofiel import vaardigheidsprofiel
from features.vocabulary import Omstandigheid, Ondersteuning, Sector, Vervoer
from features.voorkeur import jongere_conditions
from tests.features import slow_pairs
from tests.features.facts import JONGEREN, PLEKKEN, World, rows

PEILDATUM = date(2025, 3, 1)
BEFORE = date(2025, 1, 6)
Tables = dict[str, pl.DataFrame]
HOMES = rows(
    "postcode",
    {"postcode4": "7001", "breedtegraad": 51.96, "lengtegraad": 6.29},
    {"postcode4": "7101", "plaats": "Winterswijk", "breedtegraad": 51.97, "lengtegraad": 6.72},
)


def a_pair(jongere_id: str = "j1", leerwerkplek_id: str = "p1") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "jongere_id": [jongere_id],
            "leerwerkplek_id": [leerwerkplek_id],
            "peildatum": [PEILDATUM],
        }
    )


def tables_with(
    *,
    wens: dict[str, Any] | None = None,
    plek: dict[str, Any] | None = None,
    bedrijf: dict[str, Any] | None = None,
    jongere: dict[str, Any] | None = None,
    **more: pl.DataFrame,
) -> Tables:
    """Make one jongere and one place that nothing keeps apart, but for what is said."""
    return {
        "jongere": rows("jongere", jongere or {}),
        "voorkeur": rows("voorkeur", {"datum": BEFORE, **(wens or {})}),
        "leerwerkplek": rows("leerwerkplek", plek or {}),
        "leerbedrijf": rows("leerbedrijf", bedrijf or {}),
        "postcode": HOMES,
        **more,
    }


def fit(tables: Tables) -> dict[str, Any]:
    return pair_features(tables, a_pair()).row(0, named=True)


def blokkades(tables: Tables) -> set[Blokkade]:
    found = fit(tables)
    return {blokkade for blokkade in Blokkade if found[column(blokkade)]}


def meting(niveau: int, **more: Any) -> pl.DataFrame:  # noqa: ANN401  # cells of any type
    return rows(
        "competentiemeting", {"competentie_id": "c1", "datum": BEFORE, "niveau": niveau, **more}
    )


def eis(niveau: int, *, hard: bool) -> pl.DataFrame:
    return rows("leerwerkplek_eis", {"competentie_id": "c1", "niveau": niveau, "hard": hard})


def steun(*, toestemming: bool = True) -> pl.DataFrame:
    return rows(
        "ondersteuningsbehoefte",
        {"datum": BEFORE, "soort": "jobcoach", "toestemming": toestemming},
    )


def running(**more: Any) -> pl.DataFrame:  # noqa: ANN401  # cells of any type
    return rows(
        "stage", {"jongere_id": "j2", "leerwerkplek_id": "p1", "begindatum": BEFORE, **more}
    )


def enrolled(**more: Any) -> pl.DataFrame:  # noqa: ANN401  # cells of any type
    return rows("inschrijving", {"begindatum": BEFORE, "opleidingcode": "25740", **more})


CREBO = {"opleidingcode": "25740"}
AWAY: dict[str, Any] = {"jongere": {"postcode4": "7001"}, "bedrijf": {"postcode4": "7101"}}
NEAR: dict[str, Any] = {"jongere": {"postcode4": "7001"}, "bedrijf": {"postcode4": "7001"}}

BLOCKED: list[tuple[str, Blokkade, Tables]] = [
    (
        "not recognised for the opleiding of the place",
        Blokkade.ERKENNING,
        tables_with(plek=CREBO, bedrijf={"erkenningen": ["25741"]}),
    ),
    (
        "recognised for nothing",
        Blokkade.ERKENNING,
        tables_with(plek=CREBO, bedrijf={"erkenningen": []}),
    ),
    ("one hour too many", Blokkade.UREN, tables_with(wens={"uren_max": 15.0})),
    (
        "a quarter of an hour by car where ten minutes are the limit",
        Blokkade.REISTIJD,
        tables_with(wens={"reistijd_max": 10.0, "vervoer": ["auto"]}, **AWAY),
    ),
    (
        "heights avoided and present",
        Blokkade.OMSTANDIGHEID,
        tables_with(wens={"vermijdt": ["hoogte", "kou"]}, plek={"omstandigheden": ["hoogte"]}),
    ),
    (
        "a hard demand judged one niveau too low",
        Blokkade.HARDE_EIS,
        tables_with(leerwerkplek_eis=eis(3, hard=True), competentiemeting=meting(2)),
    ),
    (
        "a licence asked and none there",
        Blokkade.RIJBEWIJS,
        tables_with(wens={"rijbewijs": False}, plek={"omstandigheden": ["rijbewijs"]}),
    ),
    (
        "a jobcoach needed and only a quiet place offered",
        Blokkade.ONDERSTEUNING,
        tables_with(plek={"begeleiding": ["rustige werkplek"]}, ondersteuningsbehoefte=steun()),
    ),
    (
        "not known yet",
        Blokkade.PERIODE,
        tables_with(plek={"bekend_op": PEILDATUM + timedelta(days=1)}),
    ),
    (
        "closed the day before",
        Blokkade.PERIODE,
        tables_with(plek={"sluit_op": PEILDATUM - timedelta(days=1)}),
    ),
    ("another jongere runs a stage there", Blokkade.VOL, tables_with(stage=running())),
    (
        "another jongere is about to start there",
        Blokkade.VOL,
        tables_with(stage=running(begindatum=date(2025, 4, 1), bekend_op=BEFORE)),
    ),
    ("a place for nobody", Blokkade.VOL, tables_with(plek={"capaciteit": 0})),
    (
        "thirteen years old",
        Blokkade.LEEFTIJD,
        tables_with(jongere={"geboortedatum": date(2011, 4, 1)}),
    ),
    (
        "fifteen years old on a leerbaan",
        Blokkade.LEEFTIJD,
        tables_with(jongere={"geboortedatum": date(2009, 4, 1)}, plek={"soort": "leerbaan"}),
    ),
    (
        "fifteen years old before seven in the morning",
        Blokkade.LEEFTIJD,
        tables_with(
            jongere={"geboortedatum": date(2009, 4, 1)}, plek={"omstandigheden": ["vroege start"]}
        ),
    ),
    (
        "a student of mbo at a leerbedrijf that trains for something else",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(
            bedrijf={"erkenningen": ["25741"]}, inschrijving=enrolled(onderwijssoort="mbo-2")
        ),
    ),
    (
        "a student of mbo at a leerbedrijf that trains for nothing",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(bedrijf={"erkenningen": []}, inschrijving=enrolled(onderwijssoort="entree")),
    ),
]

NOT_BLOCKED: list[tuple[str, Blokkade, Tables]] = [
    (
        "recognised for the opleiding",
        Blokkade.ERKENNING,
        tables_with(plek=CREBO, bedrijf={"erkenningen": ["25741", "25740"]}),
    ),
    ("no opleiding named", Blokkade.ERKENNING, tables_with(bedrijf={"erkenningen": ["25741"]})),
    ("erkenningen unknown", Blokkade.ERKENNING, tables_with(plek=CREBO)),
    ("exactly the belastbaarheid", Blokkade.UREN, tables_with(wens={"uren_max": 16.0})),
    ("belastbaarheid unknown", Blokkade.UREN, tables_with()),
    (
        "an hour by car is within two hours",
        Blokkade.REISTIJD,
        tables_with(wens={"reistijd_max": 120.0, "vervoer": ["auto"]}, **AWAY),
    ),
    (
        "round the corner",
        Blokkade.REISTIJD,
        tables_with(wens={"reistijd_max": 10.0, "vervoer": ["fiets"]}, **NEAR),
    ),
    (
        "home unknown",
        Blokkade.REISTIJD,
        tables_with(wens={"reistijd_max": 1.0}, bedrijf={"postcode4": "7101"}),
    ),
    (
        "cold avoided, heights present",
        Blokkade.OMSTANDIGHEID,
        tables_with(wens={"vermijdt": ["kou"]}, plek={"omstandigheden": ["hoogte"]}),
    ),
    (
        "conditions unknown",
        Blokkade.OMSTANDIGHEID,
        tables_with(wens={"vermijdt": ["kou"]}),
    ),
    (
        "exactly the niveau asked",
        Blokkade.HARDE_EIS,
        tables_with(leerwerkplek_eis=eis(3, hard=True), competentiemeting=meting(3)),
    ),
    (
        "too low for a wish of the place",
        Blokkade.HARDE_EIS,
        tables_with(leerwerkplek_eis=eis(3, hard=False), competentiemeting=meting(0)),
    ),
    ("never judged", Blokkade.HARDE_EIS, tables_with(leerwerkplek_eis=eis(3, hard=True))),
    (
        "a licence asked and there",
        Blokkade.RIJBEWIJS,
        tables_with(wens={"rijbewijs": True}, plek={"omstandigheden": ["rijbewijs"]}),
    ),
    (
        "licence unknown",
        Blokkade.RIJBEWIJS,
        tables_with(plek={"omstandigheden": ["rijbewijs"]}),
    ),
    (
        "no licence asked",
        Blokkade.RIJBEWIJS,
        tables_with(wens={"rijbewijs": False}, plek={"omstandigheden": ["buiten"]}),
    ),
    (
        "the jobcoach is offered",
        Blokkade.ONDERSTEUNING,
        tables_with(plek={"begeleiding": ["jobcoach"]}, ondersteuningsbehoefte=steun()),
    ),
    (
        "the jongere did not agree that it is used",
        Blokkade.ONDERSTEUNING,
        tables_with(plek={"begeleiding": []}, ondersteuningsbehoefte=steun(toestemming=False)),
    ),
    (
        "support unknown",
        Blokkade.ONDERSTEUNING,
        tables_with(ondersteuningsbehoefte=steun()),
    ),
    ("known today", Blokkade.PERIODE, tables_with(plek={"bekend_op": PEILDATUM})),
    ("closes today", Blokkade.PERIODE, tables_with(plek={"sluit_op": PEILDATUM})),
    (
        "starts later",
        Blokkade.PERIODE,
        tables_with(plek={"begindatum": date(2025, 9, 1)}),
    ),
    ("one of two taken", Blokkade.VOL, tables_with(plek={"capaciteit": 2}, stage=running())),
    (
        "the stage there has ended",
        Blokkade.VOL,
        tables_with(stage=running(einddatum=date(2025, 2, 28))),
    ),
    (
        "the planned end has passed",
        Blokkade.VOL,
        tables_with(stage=running(geplande_einddatum=date(2025, 2, 28))),
    ),
    (
        "the stage there never started",
        Blokkade.VOL,
        tables_with(stage=running(einddatum=BEFORE, reden_einde="niet gestart")),
    ),
    (
        "it is the own stage that takes the place",
        Blokkade.VOL,
        tables_with(stage=running(jongere_id="j1")),
    ),
    (
        "the stage there is not known yet",
        Blokkade.VOL,
        tables_with(stage=running(bekend_op=PEILDATUM + timedelta(days=1))),
    ),
    (
        "fourteen in the month of the peildatum",
        Blokkade.LEEFTIJD,
        tables_with(jongere={"geboortedatum": date(2011, 3, 1)}),
    ),
    (
        "sixteen by the time one can start",
        Blokkade.LEEFTIJD,
        tables_with(
            jongere={"geboortedatum": date(2009, 4, 1)},
            plek={"soort": "leerbaan", "begindatum": date(2025, 4, 1)},
        ),
    ),
    ("birth unknown", Blokkade.LEEFTIJD, tables_with(plek={"soort": "leerbaan"})),
    (
        "recognised for the own opleiding",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(
            bedrijf={"erkenningen": ["25740"]}, inschrijving=enrolled(onderwijssoort="mbo-2")
        ),
    ),
    (
        "erkenningen unknown",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(inschrijving=enrolled(onderwijssoort="mbo-2")),
    ),
    (
        "opleiding unknown",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(
            bedrijf={"erkenningen": ["25741"]},
            inschrijving=enrolled(onderwijssoort="mbo-2", opleidingcode=None),
        ),
    ),
    (
        "praktijkonderwijs needs no erkenning",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(
            bedrijf={"erkenningen": ["25741"]}, inschrijving=enrolled(onderwijssoort="pro")
        ),
    ),
    (
        "an ontwikkelbaan is no BPV",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(
            plek={"soort": "ontwikkelbaan"},
            bedrijf={"erkenningen": ["25741"]},
            inschrijving=enrolled(onderwijssoort="mbo-2"),
        ),
    ),
    (
        "the enrolment has ended",
        Blokkade.EIGEN_OPLEIDING,
        tables_with(
            bedrijf={"erkenningen": ["25741"]},
            inschrijving=enrolled(onderwijssoort="mbo-2", einddatum=date(2025, 2, 1)),
        ),
    ),
]


@pytest.mark.parametrize(
    ("blokkade", "tables"), [case[1:] for case in BLOCKED], ids=[case[0] for case in BLOCKED]
)
def test_a_rule_blocks_and_no_other(blokkade: Blokkade, tables: Tables) -> None:
    assert blokkades(tables) == {blokkade}


@pytest.mark.parametrize(
    ("blokkade", "tables"),
    [case[1:] for case in NOT_BLOCKED],
    ids=[f"{case[1].value}: {case[0]}" for case in NOT_BLOCKED],
)
def test_the_neighbouring_case_is_not_blocked(blokkade: Blokkade, tables: Tables) -> None:
    assert blokkade not in blokkades(tables)


def test_every_rule_is_shown_to_block_and_not_to_block() -> None:
    assert {case[1] for case in BLOCKED} == set(Blokkade)
    assert {case[1] for case in NOT_BLOCKED} == set(Blokkade)


def test_a_full_place_that_ends_late_is_full_until_the_end_is_known() -> None:
    late = running(einddatum=date(2025, 2, 1), einde_bekend_op=PEILDATUM + timedelta(days=1))

    assert blokkades(tables_with(stage=late)) == {Blokkade.VOL}


def test_hours_are_held_against_belastbaarheid_and_wish() -> None:
    found = fit(tables_with(wens={"uren_min": 12.0, "uren_max": 24.0}))

    assert found["uren_verhouding"] == pytest.approx(16 / 24)
    assert found["uren_boven"] == 16 - 24
    assert found["uren_overlap"] == pytest.approx(0.5)
    fixed = {"uren_min": 20.0, "uren_max": 20.0}
    assert fit(tables_with(wens={"uren_max": 24.0}, plek=fixed))["uren_overlap"] == 1.0
    assert fit(tables_with(wens={"uren_max": 16.0}, plek=fixed))["uren_overlap"] == 0.0
    assert fit(tables_with())["uren_overlap"] is None


def test_who_can_carry_no_hours_fits_nowhere_and_nothing_is_infinite() -> None:
    tables = tables_with(wens={"uren_max": 0.0, "reistijd_max": 0.0}, **NEAR)
    found = fit(tables)

    assert found["uren_verhouding"] == found["reistijd_verhouding"] == 5.0
    assert blokkades(tables) == {Blokkade.UREN, Blokkade.REISTIJD}


def test_travel_minutes_are_told_and_held_against_the_own_limit() -> None:
    found = fit(tables_with(wens={"reistijd_max": 60.0, "vervoer": ["auto"]}, **AWAY))

    assert found["reistijd_minuten"] == pytest.approx(52, abs=3)
    assert found["reistijd_verhouding"] == pytest.approx(found["reistijd_minuten"] / 60)


def test_an_unknown_limit_to_the_journey_is_taken_as_the_middle_one_and_said_to_be_unknown() -> (
    None
):
    tables = tables_with(
        wens={"reistijd_max": None},
        jongere={"postcode4": "7001"},
        bedrijf={"postcode4": "7101"},
    )
    others = [
        {"jongere_id": name, "datum": BEFORE, "reistijd_max": limit}
        for name, limit in (("a", 20.0), ("b", 30.0), ("c", 90.0))
    ]
    later = {"jongere_id": "d", "datum": date(2025, 4, 1), "reistijd_max": 10.0}
    tables["voorkeur"] = pl.concat([tables["voorkeur"], rows("voorkeur", *others, later)])
    found = fit(tables)

    assert found["reistijd_boven"] == pytest.approx(found["reistijd_minuten"] - 30)
    assert (found["reistijd_grens_onbekend"], found["reistijd_verhouding"]) == (1.0, None)
    assert not found[column(Blokkade.REISTIJD)]


@pytest.mark.parametrize(
    ("rijbewijs", "present", "expected"),
    [
        (False, ["rijbewijs"], 1.0),
        (True, ["rijbewijs"], 0.0),
        (None, ["rijbewijs"], None),
        (False, ["lawaai"], 0.0),
        (False, None, None),
    ],
)
def test_a_licence_lacks_where_it_is_needed(
    rijbewijs: bool | None, present: list[str] | None, expected: float | None
) -> None:
    tables = tables_with(wens={"rijbewijs": rijbewijs}, plek={"omstandigheden": present})

    assert fit(tables)["rijbewijs_ontbreekt"] == expected


def test_without_postcode_the_place_of_living_gives_the_journey() -> None:
    found = fit(
        tables_with(
            jongere={"woonplaats": "Doetinchem"},
            bedrijf={"plaats": "Winterswijk"},
            wens={"vervoer": ["auto"]},
        )
    )

    assert found["reistijd_minuten"] == pytest.approx(52, abs=3)


def test_demands_are_met_short_or_unknown() -> None:
    demands = rows(
        "leerwerkplek_eis",
        {"competentie_id": "c1", "niveau": 3, "hard": True},
        {"competentie_id": "c2", "niveau": 2, "hard": False},
        {"competentie_id": "c3", "niveau": 2, "hard": False},
        {"competentie_id": "c4", "niveau": 0, "hard": True},
    )
    judged = rows(
        "competentiemeting",
        {"competentie_id": "c1", "datum": BEFORE, "niveau": 1},
        {"competentie_id": "c2", "datum": BEFORE, "niveau": 4},
    )
    tables = tables_with(leerwerkplek_eis=demands, competentiemeting=judged)
    found = fit(tables)

    assert found["eisen_aantal"] == 3
    assert found["eisen_gehaald"] == pytest.approx(1 / 2)
    assert found["eisen_onbekend"] == pytest.approx(1 / 3)
    assert (found["eisen_tekort"], found["harde_eisen_tekort"]) == (2, 2)
    assert found["competentie_niveau"] == 2.5
    assert found["eisen_tekort_verwacht"] == 2  # c3, never judged, is expected at 2.5
    assert missing_competenties(tables, a_pair()).rows() == [
        ("j1", "p1", PEILDATUM, "c1", 3, 1.0, True),
        ("j1", "p1", PEILDATUM, "c3", 2, None, False),
    ]


def test_demands_never_judged_are_unknown_and_not_short() -> None:
    found = fit(tables_with(leerwerkplek_eis=eis(3, hard=True)))

    assert found["eisen_tekort"] is None
    assert found["eisen_onbekend"] == 1.0
    assert found["eisen_tekort_verwacht"] is None


def test_what_was_never_judged_is_expected_at_the_own_mean() -> None:
    other = rows("competentiemeting", {"competentie_id": "c9", "datum": BEFORE, "niveau": 1})
    found = fit(tables_with(leerwerkplek_eis=eis(3, hard=False), competentiemeting=other))

    assert found["eisen_tekort"] is None
    assert found["eisen_tekort_verwacht"] == 2.0
    assert fit(tables_with())["eisen_tekort_verwacht"] == 0.0


def test_the_first_wish_counts_more_than_the_second_and_no_wish_is_unknown() -> None:
    def wish(*sectoren: str) -> float | None:
        found = fit(tables_with(wens={"sectoren": list(sectoren)}, bedrijf={"sector": "techniek"}))
        answer: float | None = found["sector_wens"]
        return answer

    assert wish("techniek", "handel") == 1.0
    assert wish("handel", "techniek") == 0.5
    assert wish("handel") == 0.0
    assert wish() is None


def test_the_place_is_compared_with_the_current_opleiding() -> None:
    kwalificaties = rows(
        "kwalificatie",
        {"opleidingcode": "25740", "niveau": 1, "sector": "bouw en infra"},
        {"opleidingcode": "25655", "niveau": 2, "sector": "bouw en infra"},
    )
    enrolled = rows("inschrijving", {"begindatum": BEFORE, "opleidingcode": "25740"})
    tables = tables_with(
        plek={"opleidingcode": "25655"}, kwalificatie=kwalificaties, inschrijving=enrolled
    )
    found = fit(tables)

    assert found["opleiding_gelijk"] == 0.0
    assert found["opleiding_sector_gelijk"] == 1.0
    assert found["niveau_verschil"] == 1.0
    assert fit(tables_with(plek=CREBO, inschrijving=enrolled))["opleiding_gelijk"] == 1.0
    assert fit(tables_with(plek=CREBO))["opleiding_gelijk"] is None


def test_the_latest_word_on_support_counts() -> None:
    words = rows(
        "ondersteuningsbehoefte",
        {"datum": date(2024, 5, 1), "soort": "jobcoach", "toestemming": True},
        {"datum": BEFORE, "soort": "jobcoach", "toestemming": False},
        {"datum": BEFORE, "soort": "vaste begeleider", "toestemming": True},
    )
    found = fit(tables_with(plek={"begeleiding": []}, ondersteuningsbehoefte=words))

    assert (found["begeleiding_nodig"], found["begeleiding_ontbreekt"]) == (1, 1)


def past(number: int, *, good: bool, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # cells of any type
    begin = date(2024, 1, 8)
    planned = date(2024, 6, 28)
    ended = planned if good else date(2024, 2, 5)
    return {
        "stage_id": f"s{number}",
        "jongere_id": "j9",
        "leerwerkplek_id": "p1",
        "begindatum": begin,
        "geplande_einddatum": planned,
        "einddatum": ended,
        **more,
    }


def test_two_failures_do_not_make_a_place_hopeless() -> None:
    others = [past(n, good=True, leerwerkplek_id=None) for n in range(10)]
    bad = [past(n + 10, good=False) for n in range(2)]

    experience = fit(tables_with(stage=rows("stage", *others, *bad)))

    assert 0.5 < experience["plek_ervaring"] < experience["leerbedrijf_ervaring"] < 10 / 12 + 0.01
    assert experience["ervaring_aantal"] == 12


def test_a_better_history_gives_a_better_experience() -> None:
    def experience(*outcomes: bool) -> float:
        facts = [past(n, good=good) for n, good in enumerate(outcomes)]
        return float(fit(tables_with(stage=rows("stage", *facts)))["plek_ervaring"])

    assert experience(False, False) < experience(True, False) < experience(True, True)


@pytest.mark.parametrize(
    "late",
    [
        {"einde_bekend_op": PEILDATUM + timedelta(days=1)},
        {"geplande_einddatum": PEILDATUM - timedelta(days=89)},
        {"bekend_op": PEILDATUM + timedelta(days=1)},
    ],
    ids=["end reported later", "planned end too recent", "stage known later"],
)
def test_an_outcome_counts_only_once_it_is_known(late: dict[str, Any]) -> None:
    known, unknown = (
        fit(tables_with(stage=rows("stage", past(1, good=False)))),
        fit(tables_with(stage=rows("stage", past(1, good=False, **late)))),
    )

    assert known["ervaring_aantal"] == 1
    assert unknown["ervaring_aantal"] == 0


def test_an_unknown_place_or_jongere_gives_unknown_features() -> None:
    tables = tables_with()
    no_place = pair_features(tables, a_pair(leerwerkplek_id="nowhere")).row(0, named=True)
    nobody = pair_features(tables, a_pair(jongere_id="nobody")).row(0, named=True)

    assert no_place["capaciteit"] is None
    assert no_place[column(Blokkade.PERIODE)]
    assert nobody["uren_verhouding"] is None
    assert not any(nobody[column(blokkade)] for blokkade in Blokkade)


seeds = st.integers(0, 2**32 - 1)
fewer = settings(max_examples=15)


@fewer
@given(seeds, st.permutations([(j, p) for j in (*JONGEREN, "x") for p in (*PLEKKEN, "y")]))
def test_a_prepared_context_gives_the_same_as_the_tables(
    seed: int, chosen: list[tuple[str, str]]
) -> None:
    tables = World(seed).tables()
    pairs = pl.DataFrame(
        chosen, schema={"jongere_id": pl.String, "leerwerkplek_id": pl.String}, orient="row"
    ).with_columns(peildatum=date(2025, 6, 1))

    whole = pair_features(tables, pairs)
    in_parts = pair_features(prepare_pairs(tables, date(2025, 6, 1)), pairs)

    assert whole.equals(in_parts)
    assert whole.select(pairs.columns).equals(pairs)
    assert set(whole.select(names(PAIR_FEATURES)).dtypes) == {pl.Float64}
    assert whole.select(column(b) for b in Blokkade).null_count().sum_horizontal().item() == 0


def test_a_context_of_another_peildatum_is_refused() -> None:
    context = prepare_pairs(tables_with(), date(2025, 2, 1))

    with pytest.raises(ValueError, match="2025-03-01"):
        pair_features(context, a_pair())


@fewer
@given(seeds, st.floats(0, 30))
def test_more_hours_to_carry_never_block_more(seed: int, extra: float) -> None:
    tables = World(seed).tables()
    pairs = pl.DataFrame({"jongere_id": JONGEREN}).join(
        pl.DataFrame({"leerwerkplek_id": PLEKKEN}), how="cross"
    )
    pairs = pairs.with_columns(peildatum=date(2025, 6, 1))
    more = {**tables, "voorkeur": tables["voorkeur"].with_columns(pl.col("uren_max") + extra)}

    before, after = pair_features(tables, pairs), pair_features(more, pairs)
    blocked = column(Blokkade.UREN)

    assert (after[blocked] <= before[blocked]).all()
    assert (after["uren_verhouding"] <= before["uren_verhouding"]).all()


def _jongere_facts(tables: Tables, day: date) -> dict[str, Any]:
    """Read the jongeren of a world with words for codes, beside what each was judged on."""
    spine = pl.DataFrame({"jongere_id": JONGEREN}).with_columns(peildatum=day)
    born = dict(tables["jongere"].select("jongere_id", "geboortedatum").iter_rows())
    facts = {}
    for row in jongere_conditions(tables, numbered(spine)).iter_rows(named=True):
        judged = vaardigheidsprofiel(tables, spine).filter(jongere_id=row["jongere_id"])
        levels = dict(judged.select("competentie_id", "niveau").iter_rows())
        facts[row["jongere_id"]] = {
            **row,
            "vervoer": slow_pairs.words(row["vervoer"], list(Vervoer)),
            "vermijdt": slow_pairs.words(row["vermijdt"], list(Omstandigheid)),
            "steun": slow_pairs.words(row["steun"], list(Ondersteuning)),
            "niveaus": levels,
            "gemiddeld": sum(levels.values()) / len(levels) if levels else None,
            "geboortedatum": born.get(row["jongere_id"]),
        }
    return facts


def _plek_facts(tables: Tables, day: date) -> dict[str, Any]:
    """Read the places of a world with words for codes, beside what each demands."""
    spine = pl.DataFrame({"leerwerkplek_id": PLEKKEN}).with_columns(peildatum=day)
    facts = {}
    for row in leerwerkplek_conditions(tables, spine.lazy().with_row_index(RIJ)).iter_rows(
        named=True
    ):
        asked = tables["leerwerkplek_eis"].filter(
            pl.col("leerwerkplek_id") == row["leerwerkplek_id"], pl.col("niveau") > 0
        )
        facts[row["leerwerkplek_id"]] = {
            **row,
            "omstandigheden": slow_pairs.words(row["omstandigheden"], list(Omstandigheid)),
            "begeleiding": slow_pairs.words(row["begeleiding"], list(Ondersteuning)),
            "eisen": asked.to_dicts() if row["capaciteit"] is not None else [],
            "erkenningen": None
            if row["erkenningen"] is None
            else [float(code) for code in row["erkenningen"]],
        }
    return facts


@fewer
@given(seeds)
def test_the_compiled_rules_and_features_are_those_of_the_slow_and_readable_ones(seed: int) -> None:
    tables, day = World(seed).tables(), date(2025, 6, 1)
    jongeren, plekken = _jongere_facts(tables, day), _plek_facts(tables, day)
    pairs = pl.DataFrame({"jongere_id": JONGEREN}).join(
        pl.DataFrame({"leerwerkplek_id": PLEKKEN}), how="cross"
    )

    for row in pair_features(tables, pairs.with_columns(peildatum=day)).iter_rows(named=True):
        jongere, plek = jongeren[row["jongere_id"]], plekken[row["leerwerkplek_id"]]
        here, there = ((side["breedtegraad"], side["lengtegraad"]) for side in (jongere, plek))
        minutes = slow_pairs.journey_minutes(here, there, jongere["vervoer"])
        assert row["reistijd_minuten"] == pytest.approx(minutes)
        assert {rule for rule in Blokkade if row[column(rule)]} == slow_pairs.rules(
            jongere, plek, minutes
        )
        for name, value in slow_pairs.features(jongere, plek, minutes).items():
            assert row[name] == (None if value is None else pytest.approx(value)), name


@fewer
@given(seeds)
def test_all_pairs_at_once_give_the_rules_of_each(seed: int) -> None:
    context = prepare_pairs(World(seed).tables(), date(2025, 6, 1))
    pairs = pl.DataFrame({"jongere_id": JONGEREN}).join(
        pl.DataFrame({"leerwerkplek_id": PLEKKEN}), how="cross"
    )
    found = pair_features(context, pairs.with_columns(peildatum=date(2025, 6, 1)))

    masks = blocked_by(context, context.jongere_rows(JONGEREN), context.plek_rows(PLEKKEN))

    for row, mask in zip(found.iter_rows(named=True), masks.ravel().tolist(), strict=True):
        assert blokkades_of(mask) == tuple(rule for rule in Blokkade if row[column(rule)])


def test_the_bits_of_the_compiled_rules_are_those_of_the_list() -> None:
    for rule in Blokkade:
        assert getattr(pair_kernel, rule.name) == bit(rule)


@fewer
@given(seeds)
def test_other_wishes_give_what_stored_wishes_would_give(seed: int) -> None:
    tables, day = World(seed).tables(), date(2025, 6, 1)
    context = prepare_pairs(tables, day)
    wensen = Wensen(
        uren_min=8.0,
        uren_max=20.0,
        reistijd_max=None,
        rijbewijs=True,
        vervoer=[Vervoer.E_BIKE],
        vermijdt=[Omstandigheid.BUITEN],
        sectoren=[Sector.BOUW, Sector.HANDEL],
    )
    stored = rows(
        "voorkeur", {"datum": day, **{name: _plain(value) for name, value in wensen.items()}}
    )
    told = prepare_pairs({**tables, "voorkeur": pl.concat([tables["voorkeur"], stored])}, day)
    pairs = pl.DataFrame({"leerwerkplek_id": PLEKKEN}).select(
        pl.lit("j1").alias("jongere_id"), "leerwerkplek_id", pl.lit(day).alias("peildatum")
    )

    changed = pair_features(with_wensen(context, "j1", **wensen), pairs)

    # whatever anybody tells also moves the middle limit of the region, for who told none
    same = pl.exclude("reistijd_boven")
    assert changed.select(same).equals(pair_features(told, pairs).select(same))


def _plain(value: Any) -> Any:  # noqa: ANN401  # a wish
    return [str(word) for word in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("begindatum", "maanden"),
    [(date(2025, 8, 25), 0), (date(2025, 4, 1), 8), (date(2024, 9, 2), 7)],
)
def test_the_start_in_the_school_year_counts_from_the_day_on_which_one_can_begin(
    begindatum: date, maanden: int
) -> None:
    # a place that was free already can be begun on the peildatum, the first of March
    assert fit(tables_with(plek={"begindatum": begindatum}))["start_schooljaar"] == maanden
