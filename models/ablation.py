"""Is every group of features needed (TRUST F9; AVG 5 lid 1 c)? A model without each, judged again.

A group stays only when leaving it out surely costs something, and enough: the interval of the
difference in AUC excludes 0 and the difference is more than 0.005. What is not needed may not be
asked of people. What is tested is the model that is fitted directly on the examples, with and
without the group: further steps of a learner (as plaatsing has) are left out of both.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from models.evaluate_figures import drawn_points, figure
from models.evaluation import Fit, Holdout, hold_out
from models.registered import RegisteredModel

ENOUGH: Final = 0.005
"""Gain in AUC below which a group of features is not worth asking for (TRUST F9)."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Ablation:
    """What a group of features adds.

    Parameters
    ----------
    groep : str
        Dutch name of the group.
    kolommen : tuple of str
        Its features.
    auc_zonder : float
        AUC of the model without it.
    winst, laag, hoog : float or None
        AUC that it adds, with its 95% interval over resampled jongeren.
    """

    groep: str
    kolommen: tuple[str, ...]
    auc_zonder: float | None
    winst: float | None
    laag: float | None
    hoog: float | None

    @property
    def nodig(self) -> bool:
        """Whether the group may stay."""
        known = self.winst is not None and self.laag is not None
        return known and (self.laag or 0.0) > 0 and (self.winst or 0.0) > ENOUGH


def ablation(fit: Fit, *, draws: int, progress: Progress = lambda _: None) -> list[Ablation]:
    """Return what each group of features adds on the newest quarter of the rows.

    Parameters
    ----------
    fit : Fit
        The model; how it learns beyond `RegisteredModel.fit` is left out.
    draws : int
        Resamples of jongeren.
    progress : callable
        Is told which group is left out now.

    Raises
    ------
    TooLittleDataError
        There are too few jongeren of one outcome.
    """
    bare = replace(fit, learn=None)
    full = _held(bare)
    groups: dict[str, list[str]] = {}
    for feature in fit.kind.features:
        groups.setdefault(feature.group or feature.name, []).append(feature.name)
    found = []
    for groep, kolommen in groups.items():
        if len(kolommen) == len(fit.kind.features):
            continue
        progress(f"Nog eens zonder de groep {groep}")
        other = _held(replace(bare, kind=without(fit.kind, frozenset(kolommen))))
        found.append(_compared(groep, tuple(kolommen), full, other, seed=fit.seed, draws=draws))
    return found


def without(kind: type[RegisteredModel], dropped: frozenset[str]) -> type[RegisteredModel]:
    """Return the kind of model that may see these columns but never uses them."""
    kept = tuple(one for one in kind.features if one.name not in dropped)
    return type(
        kind.__name__,
        (kind,),
        {"features": kept, "carried": kind.carried | dropped, "__doc__": kind.__doc__},
    )


def _held(fit: Fit) -> Holdout:
    return hold_out(
        fit.kind,
        fit.rule,
        fit.history,
        observed_until=fit.observed_until,
        config=fit.config,
        seed=fit.seed,
    )


def _compared(
    groep: str, kolommen: tuple[str, ...], full: Holdout, other: Holdout, *, seed: int, draws: int
) -> Ablation:
    ((with_it, bare),) = drawn_points(
        full.labels, [full.scores, other.scores], full.jongeren, ["auc"], seed=seed, draws=draws
    ).values()
    gained, left = figure(with_it - bare), figure(bare)
    return Ablation(
        groep, kolommen, left["waarde"], gained["waarde"], gained["laag"], gained["hoog"]
    )
