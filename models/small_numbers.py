"""Figures of groups from which nobody can be told: the rule of cards and pages (TRUST P8).

A group of fewer than ten people is not told of. Where a group of an attribute is left out, the
others lose the figures from which its size could be subtracted.

References
----------
A. Hundepool and others, Statistical Disclosure Control (Wiley 2012), section 4.3: primary and
secondary cell suppression.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

SMALLEST_GROUP = 10
"""The smallest group of which a number is shown."""
COUNTS = ("n", "jongeren", "positief", "base_rate", "selection_rate", "precision")
"""How figures begin from which the size of a hidden group could be told."""

Line = Mapping[str, Any]


def shown_groups(
    lines: Iterable[Line], left_out: Collection[str] = ()
) -> tuple[dict[str, Any], ...]:
    """Return figures of groups as they may leave.

    A group in which fewer than `SMALLEST_GROUP` jongeren are, or had the outcome, or had it not, is
    left out.

    Parameters
    ----------
    lines : iterable of mapping
        ``kenmerk``, ``waarde``, ``n``, ``jongeren``, ``positief`` and figures. A line that has lost
        its counts was shown before, and stays as it is.
    left_out : collection of str
        Attributes of which a group was left out before.

    Examples
    --------
    >>> large = {"kenmerk": "leerweg", "waarde": "BOL", "n": 90, "jongeren": 50, "positief": 40}
    >>> small = large | {"waarde": "BBL", "jongeren": 9}
    >>> shown_groups([large])[0]["jongeren"]
    50
    >>> shown_groups([large, small])
    ({'kenmerk': 'leerweg', 'waarde': 'BOL'},)
    """
    told = list(lines)
    bare = {one["kenmerk"] for one in told if is_small(one)} | set(left_out)
    return tuple(
        {
            key: value
            for key, value in one.items()
            if not (one["kenmerk"] in bare and key.startswith(COUNTS))
        }
        for one in told
        if not is_small(one)
    )


def shown_pairs(pairs: Iterable[Line], groups: Iterable[Line]) -> tuple[Line, ...]:
    """Return differences between groups that are both shown: from another one could be told.

    Parameters
    ----------
    pairs : iterable of mapping
        ``kenmerk``, ``waarde``, ``andere`` and figures.
    groups : iterable of mapping
        What `shown_groups` returned; where it hid counts, no difference of a rate that is a count
        in disguise is told either.
    """
    counted = {(one["kenmerk"], one["waarde"]): "n" in one for one in groups}
    found = []
    for pair in pairs:
        ends = [(pair["kenmerk"], pair[end]) for end in ("waarde", "andere")]
        if all(end in counted for end in ends):
            whole = all(counted[end] for end in ends)
            found.append({k: v for k, v in pair.items() if whole or not k.startswith(COUNTS)})
    return tuple(found)


def is_small(line: Line) -> bool:
    """Return whether a group is too small to be told of."""
    if "n" not in line:
        return False
    smallest: float = min(line["jongeren"], line["positief"], line["n"] - line["positief"])
    return smallest < SMALLEST_GROUP
