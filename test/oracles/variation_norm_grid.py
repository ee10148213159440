"""Minimum variation norm over the neurons of a fine grid of directions, for inputs in the plane, by SciPy's linear programming.

Standard input: JSON with X (n x 2), y (n), directions (their number).
Standard output: JSON with upper, the optimum over the grid, which no network beats by much, and lower, from its dual point scaled by its
largest correlation, found arc by arc.
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog

request = json.load(sys.stdin)
X, y = (np.array(request[name], dtype=float) for name in "Xy")


def outputs(count):
    angle = 2 * np.pi * np.arange(count) / count
    return np.maximum(X @ np.stack([np.cos(angle), np.sin(angle)]), 0)


# The kinks at the data belong to the grid, as a minimiser uses them.
turned = np.stack([-X[:, 1], X[:, 0]]) / np.linalg.norm(X, axis=1)
columns = np.hstack([outputs(request["directions"]), np.maximum(X @ turned, 0), np.maximum(-X @ turned, 0)])
scale = np.abs(y).max()
solution = linprog(np.ones(2 * columns.shape[1]), A_eq=np.hstack([columns, -columns]), b_eq=y / scale, bounds=(0, None), method="highs")
assert solution.status == 0, solution.message
multipliers = solution.eqlin.marginals


def correlations():
    """Of every kink, and of the maximiser of each arc between kinks that contains one."""
    yield from multipliers @ columns
    angles = np.sort(np.arctan2(np.hstack([turned[1], -turned[1]]), np.hstack([turned[0], -turned[0]])))
    for middle in (angles + np.append(angles[1:], angles[0] + 2 * np.pi)) / 2:
        active = X @ np.array([np.cos(middle), np.sin(middle)]) > 0
        gradient = (multipliers * active) @ X
        for sign in (1, -1):
            if np.array_equal(X @ (sign * gradient) > 0, active):
                yield sign * np.linalg.norm(gradient)


largest = max(abs(value) for value in correlations())
json.dump({"upper": scale * solution.fun, "lower": multipliers @ y / largest}, sys.stdout)
