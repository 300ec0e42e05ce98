"""The scoring of trees over blocks of rows, compiled; import it only where it is used."""

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled

BLOCK = 256
"""Rows at a time: their inputs stay in the fastest memory."""
LANES = 32
"""Rows that are compared in one go: a part of these costs as much as all."""
NOTHING = np.float64(np.float32(1e-35))
"""LightGBM takes what is not greater than this as 0."""
LOWEST = np.array([max((byte & -byte).bit_length() - 1, 0) for byte in range(256)])
"""Place of the lowest bit of a byte."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@compiled
def _add_block(
    block: Floats,
    n_rows: int,
    first: Ints,
    inputs: Ints,
    threshold: Floats,
    keep: Bytes,
    leaves: Floats,
    left: Bytes,
    found: Floats,
) -> None:
    """Add the leaves of every tree to a block of rows, whose inputs lie beside each other."""
    width = (n_rows + LANES - 1) // LANES * LANES
    for tree in range(len(first) - 1):
        left[:] = 255
        for node in range(first[tree], first[tree + 1]):
            values, most, kept = block[inputs[node]], threshold[node], keep[node]
            for row in range(width):
                left[row] &= np.uint8(255) if values[row] <= most else kept
        leaf = leaves[tree]
        for row in range(n_rows):
            found[row] += leaf[LOWEST[left[row]]]


@compiled
def add_trees(
    features: Floats,
    source: Ints,
    fill: Floats,
    first: Ints,
    inputs: Ints,
    threshold: Floats,
    keep: Bytes,
    leaves: Floats,
    found: Floats,
) -> None:
    """Add the trees of a `models.forest.Forest` to what is found of each row.

    Parameters
    ----------
    features : array of shape (n_features, n_rows)
        NaN where unknown.
    source, fill, first, inputs, threshold, keep, leaves : array
        As in `models.forest.Forest`.
    found : array of shape (n_rows,)
        The log-odds so far.
    """
    block = np.zeros((len(source), BLOCK))
    left = np.empty(BLOCK, dtype=np.uint8)
    for begin in range(0, features.shape[1], BLOCK):
        n_rows = min(BLOCK, features.shape[1] - begin)
        for place in range(len(source)):
            values = features[source[place]]
            for row in range(n_rows):
                value = values[begin + row]
                value = 0.0 if abs(value) <= NOTHING else value
                block[place, row] = fill[place] if np.isnan(value) else value
        _add_block(
            block,
            n_rows,
            first,
            inputs,
            threshold,
            keep,
            leaves,
            left,
            found[begin : begin + n_rows],
        )


@compiled
def add_contributions(
    matrix: Floats,
    source: Ints,
    fill: Floats,
    first: Ints,
    inputs: Ints,
    threshold: Floats,
    columns: Ints,
    table: Floats,
    found: Floats,
) -> None:
    """Add the contributions of the trees of a `models.forest_shap.ForestShap` to each row.

    Parameters
    ----------
    matrix : array of shape (n_rows, n_columns)
        NaN where unknown.
    source, fill, first, inputs, threshold : array
        As in `models.forest.Forest`.
    columns, table : array
        As in `models.forest_shap.ForestShap`.
    found : array of shape (n_rows, n_columns + 1)
        The contributions so far.
    """
    values = np.empty(len(source))
    for row in range(len(matrix)):
        for place in range(len(source)):
            value = matrix[row, source[place]]
            value = 0.0 if abs(value) <= NOTHING else value
            values[place] = fill[place] if np.isnan(value) else value
        for tree in range(len(first) - 1):
            way = 0
            for node in range(first[tree], first[tree + 1]):
                if values[inputs[node]] <= threshold[node]:
                    way |= 1 << (node - first[tree])
            for place in range(columns.shape[1]):
                found[row, columns[tree, place]] += table[tree, way, place]
