"""The experiment neuron-race-digits in NumPy: descent on the logistic loss, clusters by their definition, the race from head starts.

    digits_race.py draw [DRAWS]         as digits_descent.py: the ranges of experiments/neuron-race-digits.expect.yaml come from these
    digits_race.py follow FILE.npz      the quantities of the descent on given arrays
"""

import numpy as np
from scipy.stats import spearmanr

import digits_descent

WIDTH, SAMPLES, SCALE, STEP, TIME, SAVES = 300, 200, 1e-3, 0.02, 60, 121
COSINE, PLATEAU_LEFT = 0.99, 0.01
NAMES = ["loss", "accuracy.training", "accuracy.held-out", "race.early", "race.1.entrants", "race.1.spearman", "race.2.entrants", "race.2.spearman", "clusters", "clusters.largest", "merged.accuracy"]


def draw(pixels, labels, rng):
    return digits_descent.draw(pixels, labels, rng, WIDTH, SAMPLES, SCALE)


def clusters(vectors, strengths):
    """From the strongest on, each joins the first cluster whose strongest it is close to; the largest cluster first."""
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = []
    for j in np.argsort(-strengths, kind="stable"):
        for members in found:
            if units[members[0]] @ units[j] >= COSINE:
                members.append(j)
                break
        else:
            found.append([j])
    return sorted(found, key=len, reverse=True)


def accuracy(x, y, w, a):
    return (np.sign(a @ np.maximum(w @ x.T, 0)) == y).mean()


def follow(arrays):
    x, y, w, a = (arrays[name] for name in ("X", "y", "W", "a"))
    y, a = y.ravel(), a.ravel()
    steps = round(TIME / STEP)
    every = steps // (SAVES - 1)
    early = None
    for step in range(steps + 1):
        z = w @ x.T
        margin = y * (a @ np.maximum(z, 0))
        residual = y / (1 + np.exp(margin))
        correlation = ((z > 0) * residual / len(y)) @ x
        if step % every == 0:
            loss = np.logaddexp(0, -margin).mean()
            first = loss if step == 0 else first
            if loss >= (1 - PLATEAU_LEFT) * first:
                with np.errstate(invalid="ignore"):  # a neuron that is active on nothing has no target
                    cosine = np.sign(a) * (w * correlation).sum(axis=1) / np.linalg.norm(w, axis=1) / np.linalg.norm(correlation, axis=1)
                early, start = step * STEP, np.log(np.abs(a) * np.linalg.norm(w, axis=1)) + 2 * np.log1p(cosine)
        if step < steps:
            w, a = w + STEP * correlation * a[:, None], a + STEP * (correlation * w).sum(axis=1)

    products = np.abs(a) * np.linalg.norm(w, axis=1)
    races = []
    for sign in (1, -1):
        own = np.flatnonzero(np.sign(a) == sign)
        races += [own[members] for members in clusters(w[own], products[own])]
    races = sorted(races, key=len, reverse=True)[:2]
    equivalent = clusters(np.column_stack([w, a]), products)
    merged_w, merged_a = [], []
    for members in equivalent:
        total = (products[members] * np.sign(a[members])).sum()
        direction = (products[members][:, None] * w[members] / np.linalg.norm(w[members], axis=1)[:, None]).sum(axis=0)
        merged_w.append(direction / np.linalg.norm(direction))
        merged_a.append(total)
    held_out = arrays["held_out_X"], arrays["held_out_y"].ravel()
    numbers = [loss, accuracy(x, y, w, a), accuracy(*held_out, w, a), early]
    for members in races:
        numbers += [len(members), spearmanr(start[members], products[members])[0]]
    return numbers + [len(equivalent), len(equivalent[0]), accuracy(x, y, np.array(merged_w), np.array(merged_a))]


if __name__ == "__main__":
    digits_descent.tell(draw, follow, NAMES)
