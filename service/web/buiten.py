"""What falls out of a list, parted by what a reader can do with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.blokkade import Blokkade
from service.suggesties import Uitgesloten


@dataclass(frozen=True)
class Outside:
    """What falls out, by what a reader can do with it.

    `single` holds pairs that one rule blocks, which one change would make possible, most places
    first; `several` holds pairs that more rules block, and `rules` the rules among those.
    """

    single: tuple[tuple[Blokkade, tuple[Uitgesloten, ...]], ...]
    several: tuple[Uitgesloten, ...]
    rules: tuple[Blokkade, ...]


def group_uitgesloten(uitgesloten: Sequence[Uitgesloten]) -> Outside:
    """Part the pairs that fall out into one rule and more rules; each pair comes back once."""
    single: dict[Blokkade, list[Uitgesloten]] = {}
    several: list[Uitgesloten] = []
    for pair in uitgesloten:
        if len(pair.blokkades) == 1:
            single.setdefault(pair.blokkades[0], []).append(pair)
        else:
            several.append(pair)
    groups = sorted(single.items(), key=lambda group: (-len(group[1]), group[0]))
    return Outside(
        single=tuple((rule, tuple(pairs)) for rule, pairs in groups),
        several=tuple(several),
        rules=tuple(rule for rule in Blokkade if any(rule in pair.blokkades for pair in several)),
    )
