"""What would help: every change holds when it is applied, and asks only what may be asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.blokkade import blokkades_of
from features.pair_context import PairContext
from features.vocabulary import Ondersteuning, Vervoer
from models.scoring import Scorer, score_open
from models.verbetering import (
    CLEARLY,
    TOGETHER,
    Verbetering,
    nieuwe_kansen,
    verbeteringen,
)
from models.verbetering_stappen import (
    REISTIJD_MOST,
    UREN_LEAST,
    Aanpassing,
    Stap,
    with_changes,
)
from tests.models.test_scoring import (
    JONGEREN,
    context,
    everything,
    model,
    ready,
    tables,
)

__all__ = ["context", "model", "ready", "tables"]

jongeren = st.integers(0, JONGEREN - 1)
fewer = settings(max_examples=20)


def found_for(context: PairContext, ready: Scorer, row: int) -> list[Verbetering]:
    jongere = context.jongeren["jongere_id"][row]
    places = context.plekken["leerwerkplek_id"].to_list()
    return [
        *verbeteringen(context, ready, jongere, places).values(),
        *nieuwe_kansen(context, ready, jongere),
    ]


@fewer
@given(jongeren)
def test_every_change_holds_when_it_is_applied(
    context: PairContext, ready: Scorer, row: int
) -> None:
    jongere = context.jongeren["jongere_id"][row]

    for one in found_for(context, ready, row):
        changed = with_changes(context, jongere, one.stappen, one.leerwerkplek_id)
        place = context.plek_rows([one.leerwerkplek_id])
        after = score_open(changed, ready, np.zeros(1, dtype=np.int64), place)
        assert after.kans.tolist() == [pytest.approx(one.kans_dan, abs=1e-12)]


@fewer
@given(jongeren)
def test_what_is_told_of_now_is_so(context: PairContext, ready: Scorer, row: int) -> None:
    now = everything(context, ready)
    mine = now.jongere == row
    kans = dict(zip(now.plek[mine].tolist(), now.kans[mine].tolist(), strict=True))

    for one in found_for(context, ready, row):
        place = int(context.plek_rows([one.leerwerkplek_id])[0])
        assert one.opgeheven == blokkades_of(int(now.blokkades[row, place]))
        if one.kans_nu is None:
            assert one.opgeheven
        else:
            assert one.kans_nu == pytest.approx(kans[place], abs=1e-12)
            assert one.kans_dan >= one.kans_nu + CLEARLY


@fewer
@given(jongeren)
def test_a_new_chance_is_clearly_better_than_the_best_of_now(
    context: PairContext, ready: Scorer, row: int
) -> None:
    now = everything(context, ready)
    best = max(now.kans[now.jongere == row].tolist(), default=0.0)
    found = nieuwe_kansen(context, ready, context.jongeren["jongere_id"][row], top=2)

    assert len(found) <= 2
    assert all(one.kans_dan >= best + CLEARLY for one in found)
    assert [one.kans_dan for one in found] == sorted((one.kans_dan for one in found), reverse=True)


@fewer
@given(jongeren)
def test_only_what_may_be_asked_is_asked(context: PairContext, ready: Scorer, row: int) -> None:
    needed = int(context.jongere.rij["steun"][row])

    for one in found_for(context, ready, row):
        for stap in one.stappen:
            check_may_be_asked(context, row, needed, stap)


def check_may_be_asked(context: PairContext, row: int, needed: int, stap: Stap) -> None:
    if stap.aanpassing is Aanpassing.UREN:
        assert UREN_LEAST <= float(stap.naar) < float(stap.van or 0)
    elif stap.aanpassing is Aanpassing.REISTIJD:
        assert float(stap.van or 0) < float(stap.naar) <= REISTIJD_MOST
    elif stap.aanpassing is Aanpassing.COMPETENTIE:
        assert float(stap.naar) == float(stap.van or 0) + 1 <= 4
    elif stap.aanpassing is Aanpassing.BEGELEIDING:
        assert needed >> list(Ondersteuning).index(Ondersteuning(str(stap.naar))) & 1
    elif stap.naar == Vervoer.AUTO:
        assert context.jongere.rij["rijbewijs"][row] == 1


def test_two_changes_together_are_told_only_where_neither_does_alone(
    context: PairContext, ready: Scorer
) -> None:
    seen = 0
    for row in range(JONGEREN):
        jongere = context.jongeren["jongere_id"][row]
        for one in found_for(context, ready, row):
            if len(one.stappen) == TOGETHER:
                seen += 1
                assert len(one.opgeheven) == TOGETHER
                place = context.plek_rows([one.leerwerkplek_id])
                for stap in one.stappen:
                    changed = with_changes(context, jongere, [stap], one.leerwerkplek_id)
                    after = score_open(changed, ready, np.zeros(1, dtype=np.int64), place)
                    assert not after.kans.size
    assert seen


def test_somewhere_something_helps(context: PairContext, ready: Scorer) -> None:
    kinds = {
        one.stappen[0].aanpassing
        for row in range(JONGEREN)
        for one in found_for(context, ready, row)
    }

    assert kinds >= {Aanpassing.UREN, Aanpassing.REISTIJD, Aanpassing.COMPETENTIE}


def test_searching_changes_nothing(context: PairContext, ready: Scorer) -> None:
    before = everything(context, ready)

    for row in range(5):
        found_for(context, ready, row)

    after = everything(context, ready)
    assert (after.blokkades == before.blokkades).all()
    assert (after.kans == before.kans).all()


def test_a_first_judgement_moves_the_mean_over_one_more(context: PairContext) -> None:
    row = int(np.flatnonzero(context.beoordeeld[:-1] > 1)[0])
    free = int(np.flatnonzero(context.jongere.niveaus[row, :-1] < 0)[0])
    stap = Stap(Aanpassing.COMPETENTIE, None, 4, context.competenties[free])

    changed = with_changes(context, context.jongeren["jongere_id"][row], [stap])

    count, mean = int(context.beoordeeld[row]), float(context.jongere.rij["gemiddeld"][row])
    assert changed.jongere.niveaus[0, free] == 4
    assert changed.beoordeeld[0] == count + 1
    assert changed.jongere.rij["gemiddeld"][0] == pytest.approx((mean * count + 4) / (count + 1))
