"""Small trees as flat arrays, scored by compiled code: equal to LightGBM, and several times faster.

Each leaf of a tree is a bit. A node that is not satisfied takes the bits of its left side away; the
lowest bit that is left is the leaf. So a tree of eight leaves is seven comparisons over a block of
rows, without a jump.

References
----------
Lucchese et al. (2015), QuickScorer: a fast algorithm to rank documents with additive ensembles of
regression trees, SIGIR.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

MOST_LEAVES = 8
"""Of a tree: its leaves are the bits of one byte."""
CATEGORICAL, DEFAULT_LEFT = 1, 2
MISSING_ZERO, MISSING_NAN = 4, 8
"""Bits of LightGBM's ``decision_type``; neither of the last two: NaN is taken as 0."""
INSTEAD_OF_NAN = (0.0, -np.inf, np.nan)
"""Values that go where LightGBM sends NaN: where 0 goes, always left, always right."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class UnsupportedTreesError(ValueError):
    """These trees are larger, or of another kind, than what is compiled here."""


@dataclass(frozen=True)
class Forest:
    """Trees, of which the leaves of a row are added.

    Parameters
    ----------
    source, fill : array of shape (n_inputs,)
        Each input of the trees: which feature it is, and what stands for NaN there.
    first : array of int of shape (n_trees + 1,)
        Where the nodes of each tree begin.
    inputs, threshold, keep : array of shape (n_nodes,)
        Of each node the input, up to which value it is satisfied, and which leaves are left when
        it is not.
    leaves : array of shape (n_trees, MOST_LEAVES)
        Log-odds.
    """

    source: Ints
    fill: Floats
    first: Ints
    inputs: Ints
    threshold: Floats
    keep: Bytes
    leaves: Floats

    @classmethod
    def of(cls, texts: Sequence[tuple[str, float]], features: Sequence[int]) -> Self:
        """Read trees from LightGBM's texts.

        Parameters
        ----------
        texts : sequence of (str, float)
            Models over the same columns, and the weight of each in the sum.
        features : sequence of int
            In which row of the features each column lies.

        Raises
        ------
        UnsupportedTreesError
            A tree has more leaves than `MOST_LEAVES`, or compares categories.
        """
        inputs: dict[tuple[int, int], int] = {}
        first, nodes, leaves = [0], [], []
        for tree, weight in ((tree, weight) for text, weight in texts for tree in trees_of(text)):
            values = _numbers(tree, "leaf_value")
            if len(values) > MOST_LEAVES:
                raise UnsupportedTreesError(f"{len(values)} leaves")
            for feature, sent, threshold, keep in _nodes(tree):
                place = inputs.setdefault((features[feature], sent), len(inputs))
                nodes.append((place, threshold, keep))
            first.append(len(nodes))
            ordered = [values[leaf] for leaf in _leaves_in_order(tree, len(values))]
            leaves.append([weight * value for value in ordered] + [0.0] * MOST_LEAVES)
        return cls(
            source=np.array([feature for feature, _ in inputs], dtype=np.int64),
            fill=np.array([INSTEAD_OF_NAN[sent] for _, sent in inputs], dtype=np.float64),
            first=np.array(first, dtype=np.int64),
            inputs=np.array([node[0] for node in nodes], dtype=np.int64),
            threshold=np.array([node[1] for node in nodes], dtype=np.float64),
            keep=np.array([node[2] for node in nodes], dtype=np.uint8),
            leaves=np.array([row[:MOST_LEAVES] for row in leaves]).reshape(-1, MOST_LEAVES),
        )

    def margins(self, features: Floats) -> Floats:
        """Return the log-odds of features of shape (n_features, n_rows), NaN where unknown."""
        from models.forest_kernel import add_trees

        found = np.zeros(features.shape[1])
        add_trees(
            features,
            self.source,
            self.fill,
            self.first,
            self.inputs,
            self.threshold,
            self.keep,
            self.leaves,
            found,
        )
        return found


Tree = dict[str, str]


def trees_of(text: str) -> Iterator[Tree]:
    """Yield the fields of each tree of a model."""
    for block in text.split("\nTree=")[1:]:
        body = block.split("\nend of trees")[0]
        yield dict(line.split("=", 1) for line in body.splitlines()[1:] if "=" in line)


def _numbers(tree: Tree, name: str) -> list[float]:
    return [float(word) for word in tree.get(name, "").split()]


def _nodes(tree: Tree) -> Iterator[tuple[int, int, float, int]]:
    """Yield (feature, where NaN is sent, threshold, leaves kept when not satisfied)."""
    left, right = (
        [int(word) for word in tree.get(name, "").split()] for name in ("left_child", "right_child")
    )
    order = {leaf: place for place, leaf in enumerate(_leaves_in_order(tree, len(left) + 1))}
    kinds = [int(word) for word in tree.get("decision_type", "").split()]
    thresholds = _numbers(tree, "threshold")
    features = [int(word) for word in tree.get("split_feature", "").split()]
    for node, (feature, threshold, kind) in enumerate(
        zip(features, thresholds, kinds, strict=True)
    ):
        gone = sum(1 << order[leaf] for leaf in _below(left[node], left, right))
        yield feature, _nan_is_sent(kind), threshold, ((1 << MOST_LEAVES) - 1) & ~gone


def _nan_is_sent(kind: int) -> int:
    """Return where LightGBM sends NaN, as a place in `INSTEAD_OF_NAN`."""
    if kind & CATEGORICAL or kind & MISSING_ZERO:
        raise UnsupportedTreesError(f"decision type {kind}")
    if not kind & MISSING_NAN:
        return 0
    return 1 if kind & DEFAULT_LEFT else 2


def _leaves_in_order(tree: Tree, n_leaves: int) -> list[int]:
    """Return the numbers of the leaves from left to right."""
    if n_leaves == 1:
        return [0]
    left, right = (
        [int(word) for word in tree[name].split()] for name in ("left_child", "right_child")
    )
    return list(_below(0, left, right))


def _below(node: int, left: Sequence[int], right: Sequence[int]) -> Iterator[int]:
    """Yield the leaves under a node, from left to right; a child below zero is a leaf."""
    if node < 0:
        yield ~node
        return
    yield from _below(left[node], left, right)
    yield from _below(right[node], left, right)
