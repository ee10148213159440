"""Iterative pruning of weights with rewinding, in NumPy: full-batch descent on (1/2n) sum (f - y)^2 with masks.

Reads JSON {X, y, W, a, step, steps, share, rounds} and writes, for each round, the kept weights (numbers through W and then a) and the loss of the ticket after training.
"""

import json
import math
import sys

import numpy as np


def train(x, y, w, a, kept_w, kept_a, step, steps):
    w, a = w * kept_w, a * kept_a
    for _ in range(steps):
        z = w @ x.T
        residual = (y - a @ np.maximum(z, 0)) / len(y)
        toward_w = a[:, None] * ((z > 0) * residual) @ x
        toward_a = np.maximum(z, 0) @ residual
        w, a = w + step * toward_w * kept_w, a + step * toward_a * kept_a
    return w, a, np.mean((a @ np.maximum(w @ x.T, 0) - y) ** 2) / 2


def prune(weights, kept, share):
    """Zeroes the smallest kept weights: the nearest whole number to their share, halves up, at least one, but never the last."""
    left = int(kept.sum())
    stay = max(1, left - max(1, math.floor(share * left + 0.5)))
    candidates = np.flatnonzero(kept)
    order = candidates[np.argsort(-np.abs(weights.ravel()[candidates]), kind="stable")]
    result = np.zeros(kept.size, bool)
    result[order[:stay]] = True
    return result.reshape(kept.shape)


request = json.load(sys.stdin)
x, y, w, a = (np.array(request[name], float) for name in ("X", "y", "W", "a"))
kept_w, kept_a = np.ones(w.shape, bool), np.ones(a.shape, bool)
trained_w, trained_a, loss = train(x, y, w, a, kept_w, kept_a, request["step"], request["steps"])
rounds = [{"kept": list(range(w.size + a.size)), "loss": loss}]
for _ in range(request["rounds"]):
    kept_w, kept_a = prune(trained_w, kept_w, request["share"]), prune(trained_a, kept_a, request["share"] / 2)
    trained_w, trained_a, loss = train(x, y, w, a, kept_w, kept_a, request["step"], request["steps"])
    rounds.append({"kept": np.flatnonzero(np.concatenate([kept_w.ravel(), kept_a])).tolist(), "loss": loss})
json.dump(rounds, sys.stdout)
