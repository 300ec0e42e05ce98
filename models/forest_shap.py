"""What each column adds to the log-odds of small trees: TreeSHAP that was worked out beforehand.

A tree of eight leaves has seven nodes, so a row can meet it in 128 ways. For each of these the
exact contributions are worked out once, from the game that TreeSHAP solves; a row then costs seven
comparisons and the adding of one line per tree.

References
----------
Lundberg et al. (2020), From local explanations to global understanding with explainable AI for
trees, Nature Machine Intelligence 2. Yang (2021), Fast TreeSHAP: accelerating SHAP value
computation for trees, arXiv 2109.09847, version 2: what is worked out per tree before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial
from typing import Self

import numpy as np

from models.forest import MOST_LEAVES, Floats, Forest, Ints, Tree, trees_of

MOST_NODES = MOST_LEAVES - 1
LAST_COLUMN = "max_feature_idx="


@dataclass(frozen=True)
class ForestShap:
    """Trees, of which the contributions of a row are added.

    Parameters
    ----------
    forest : Forest
        The same trees, whose nodes say in which way a row meets each.
    columns : array of int of shape (n_trees, MOST_NODES)
        Which columns each tree looks at; 0 where it looks at fewer.
    table : array of shape (n_trees, 2 ** MOST_NODES, MOST_NODES)
        What each of these columns adds, by the bits of the nodes that are satisfied.
    base : float
        What all trees give on average.
    n_columns : int
        Of a matrix.
    """

    forest: Forest
    columns: Ints
    table: Floats
    base: float
    n_columns: int

    @classmethod
    def of(cls, texts: Sequence[tuple[str, float]]) -> Self:
        """Read trees from LightGBM's texts, each with its weight in the sum.

        Raises
        ------
        UnsupportedTreesError
            As `Forest.of`.
        """
        n_columns = _n_columns(texts)
        forest = Forest.of(texts, range(n_columns))
        read = [(tree, weight) for text, weight in texts for tree in trees_of(text)]
        columns = np.zeros((len(read), MOST_NODES), dtype=np.int64)
        table = np.zeros((len(read), 1 << MOST_NODES, MOST_NODES))
        base = 0.0
        for place, (tree, weight) in enumerate(read):
            used, told, mean = _worked_out(tree)
            columns[place, : len(used)] = used
            table[place, : len(told), : len(used)] = weight * told
            base += weight * mean
        return cls(forest, columns, table, base, n_columns)

    def contributions(self, matrix: Floats) -> Floats:
        """Return what each column adds, of shape (n_rows, n_columns + 1); the last is the base."""
        from models.forest_kernel import add_contributions

        found = np.zeros((len(matrix), self.n_columns + 1))
        found[:, -1] = self.base
        forest = self.forest
        add_contributions(
            np.ascontiguousarray(matrix, dtype=np.float64),
            forest.source,
            forest.fill,
            forest.first,
            forest.inputs,
            forest.threshold,
            self.columns,
            self.table,
            found,
        )
        return found


def _n_columns(texts: Sequence[tuple[str, float]]) -> int:
    """Return how many columns the trees were grown on."""
    lines = (one for text, _ in texts for one in text.splitlines())
    found = next((one for one in lines if one.startswith(LAST_COLUMN)), f"{LAST_COLUMN}-1")
    return int(found.removeprefix(LAST_COLUMN)) + 1


def _worked_out(tree: Tree) -> tuple[list[int], Floats, float]:
    """Return the columns of a tree, what each adds by the bits of its nodes, and the mean.

    The worth of a set of columns, in one way to meet the tree, is what the tree gives when those
    columns decide at their nodes, and elsewhere both sides count by the rows that came there. The
    contributions are the Shapley values of that game.
    """
    nodes = [int(word) for word in tree.get("split_feature", "").split()]
    values = np.array([float(word) for word in tree["leaf_value"].split()])
    if not nodes:
        return [], np.zeros((1, 0)), float(values[0])
    used = sorted(set(nodes))
    ways = np.arange(1 << len(nodes))[:, None]
    sets = np.arange(1 << len(used))[None, :]
    worth = _worth(tree, 0, [used.index(one) for one in nodes], values, ways, sets)
    return used, worth @ _shapley(len(used)), float(worth[0, 0])


def _worth(
    tree: Tree, node: int, columns: Sequence[int], values: Floats, ways: Ints, sets: Ints
) -> Floats:
    """Return what the tree gives under a node, of shape (n_ways, n_sets) or less."""
    if node < 0:
        return np.full((1, 1), values[~node])
    sides = [int(tree[name].split()[node]) for name in ("left_child", "right_child")]
    left, right = (_worth(tree, side, columns, values, ways, sets) for side in sides)
    rows = [_count(tree, side) for side in sides]
    mean = (rows[0] * left + rows[1] * right) / sum(rows)
    decided = np.where(ways >> node & 1, left, right)
    return np.asarray(np.where(sets >> columns[node] & 1, decided, mean))


def _count(tree: Tree, node: int) -> float:
    name, place = ("leaf_count", ~node) if node < 0 else ("internal_count", node)
    return float(tree[name].split()[place])


def _shapley(n: int) -> Floats:
    """Return the weight of the worth of each set in the Shapley value of each of n columns."""
    weights = np.zeros((1 << n, n))
    for members in range(1 << n):
        size = members.bit_count()
        for column in range(n):
            if members >> column & 1:
                weights[members, column] = factorial(size - 1) * factorial(n - size)
            else:
                weights[members, column] = -factorial(size) * factorial(n - size - 1)
    return weights / factorial(n)
