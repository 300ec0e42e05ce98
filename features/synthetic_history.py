"""One run of the mechanism over the whole period: the history, and the state of every month."""

from dataclasses import dataclass

import numpy as np

from features.synthetic_config import Ints, RegionConfig, first_days
from features.synthetic_jongeren import Jongeren, draw_jongeren
from features.synthetic_loopbaan import advance
from features.synthetic_places import Places, make_places
from features.synthetic_state import Journal, Month, State


@dataclass(frozen=True)
class Truth:
    """All that is true of a made-up region, known to experiments only.

    `states[m]` is the state at the first day of month m, for each month from begin to peildatum.
    """

    places: Places
    jongeren: Jongeren
    states: tuple[State, ...]
    journal: Journal


def simulate(config: RegionConfig) -> Truth:
    """Draw a region and let its months pass."""
    places = make_places(config)
    jongeren = draw_jongeren(config, places)
    rng = config.rng(3)
    journal = Journal(config.jongeren)
    state = State.outside(config.jongeren, rng)
    everyone = np.arange(config.jongeren)
    states = []
    for number, day in enumerate(first_days(config, np.arange(config.months))):
        states.append(state.take(everyone))
        free = free_capacity(state, places)
        advance(state, jongeren, Month(number, day, places, rng, journal, free))
    states.append(state)
    return Truth(places, jongeren, tuple(states), journal)


def free_capacity(state: State, places: Places) -> Ints:
    """Return the capacity of each place that running stages leave, at least 0."""
    taken = state.plek[(state.rest > 0) & (state.plek >= 0)]
    used = np.bincount(taken, minlength=places.plek_bedrijf.size)
    free: Ints = np.maximum(places.plek_capaciteit - used, 0)
    return free
