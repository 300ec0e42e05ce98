"""Nobody and nothing drops out without a reason, whatever is wished (TRUST H3)."""

import numpy as np
import pytest

from features.blokkade import blokkades_of
from features.vocabulary import Omstandigheid, Ondersteuning, Vervoer
from service.verkenning import Wijziging, changed
from tests.service.region import small_regio

CASES = 10_000
SHOWN_WHOLE = 100
"""Every so many cases the whole answer is looked at, as a coach would get it."""
HOURS = (4.0, 8.0, 16.0, 24.0, 40.0)
MINUTES = (0.0, 15.0, 30.0, 60.0, 240.0)


def wished(rng: np.random.Generator) -> Wijziging:
    """Return wishes and conditions by chance, each of them as often unknown as known."""

    def some(words: list[object], most: int) -> tuple[object, ...]:
        return tuple(rng.permutation(np.array(words, dtype=object))[: rng.integers(0, most + 1)])

    said = {
        "uren_max": rng.choice(HOURS),
        "reistijd_max": rng.choice(MINUTES),
        "rijbewijs": bool(rng.integers(0, 2)),
        "vervoer": some([*Vervoer], 3),
        "vermijdt": some([*Omstandigheid], 2),
        "ondersteuning": some([*Ondersteuning], 2),
    }
    return Wijziging(**{name: one for name, one in said.items() if rng.integers(0, 2)})


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, CASES, CASES // 4))
def test_every_place_is_shown_or_excluded_with_a_reason_in_ten_thousand_cases(start: int) -> None:
    matching = small_regio().matching
    paren, places = matching.paren, len(matching.paren.plekken)
    for case in range(start, start + CASES // 4):
        rng = np.random.default_rng(case)
        who = paren.zoekend[case % len(paren.zoekend)]
        found = paren.score([who], context=changed(paren.context, who, wished(rng)))
        blocked = np.flatnonzero(found.blokkades[0])

        assert sorted([*found.plek.tolist(), *blocked.tolist()]) == list(range(places))
        assert ((found.kans > 0) & (found.kans < 1)).all()
        assert all(blokkades_of(int(mask)) for mask in found.blokkades[0][blocked])


def test_the_whole_answer_holds_every_place_once_whatever_is_wished() -> None:
    matching = small_regio().matching
    everything = sorted(one.leerwerkplek_id for one in matching.paren.plekken)
    for case in range(0, 30 * SHOWN_WHOLE, SHOWN_WHOLE):
        who = matching.paren.zoekend[case % len(matching.paren.zoekend)]
        wish = wished(np.random.default_rng(case))
        found = matching.verkenning(who, wish, top=len(everything)).dan
        shown = [one.leerwerkplek.leerwerkplek_id for one in found.suggesties]
        out = [one.leerwerkplek.leerwerkplek_id for one in found.uitgesloten]

        assert sorted(shown + out) == everything
        assert found.passend == len(shown)
        assert all(one.blokkades for one in found.uitgesloten)
