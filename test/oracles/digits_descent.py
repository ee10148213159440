"""The experiment digits-first-look in NumPy.

    digits_descent.py draw [DRAWS]      (default 20) draws images and start anew each time: one line of quantities a draw, then mean and standard deviation;
                                        the ranges of experiments/digits-first-look.expect.yaml come from these
    digits_descent.py follow FILE.npz   the quantities of the descent on given arrays: X, y, held_out_X, held_out_y, W, a (true weights, bias last)
"""

import gzip
import pathlib
import sys

import numpy as np

DIGITS = pathlib.Path(__file__).parents[2] / "src/ReluFlow.Experiments/Data/digits.csv.gz"
WIDTH, SAMPLES, SCALE, STEP, TIME, SAVES = 50, 100, 1e-6, 0.02, 60, 301
PLATEAU_END, STRONG = 0.9, 1e-3
NAMES = ["plateau.0.loss", "plateau.0.end", "loss", "accuracy.held-out", "strong-neurons"]


def draw(pixels, labels, rng):
    """As many images of one label as of the other, the rest held out, and a balanced start."""
    x = np.column_stack([pixels / 16, np.ones(len(labels))])
    y = np.where(labels == 3, 1.0, -1.0)
    chosen = np.zeros(len(y), bool)
    for sign in (1.0, -1.0):
        chosen[rng.permutation(np.flatnonzero(y == sign))[: SAMPLES // 2]] = True
    w = rng.normal(size=(WIDTH, x.shape[1])) * SCALE / np.sqrt(WIDTH * (x.shape[1] - 1))
    a = np.linalg.norm(w, axis=1) * rng.choice([-1.0, 1.0], WIDTH)
    return dict(X=x[chosen], y=y[chosen], held_out_X=x[~chosen], held_out_y=y[~chosen], W=w, a=a)


def follow(arrays):
    x, y, w, a = (arrays[name] for name in ("X", "y", "W", "a"))
    y, a = y.ravel(), a.ravel()
    steps = round(TIME / STEP)
    losses = np.empty(steps + 1)
    for step in range(steps + 1):
        z = w @ x.T
        residual = y - a @ np.maximum(z, 0)
        losses[step] = (residual**2).mean() / 2
        if step < steps:
            gated = (z > 0) * residual / len(y)
            w, a = w + STEP * (gated @ x) * a[:, None], a + STEP * (gated * z).sum(axis=1)

    # The loss curve is linear between the saved points.
    every = steps // (SAVES - 1)
    times, saved = np.arange(steps + 1)[::every] * STEP, losses[::every]
    below = np.flatnonzero(saved <= PLATEAU_END * saved[0])[0]
    end = np.interp(-PLATEAU_END * saved[0], -saved[below - 1 : below + 1], times[below - 1 : below + 1])
    outputs = a @ np.maximum(w @ arrays["held_out_X"].T, 0)
    products = np.abs(a) * np.linalg.norm(w, axis=1)
    return [np.interp(end / 2, times, saved), end, losses[-1], (np.sign(outputs) == arrays["held_out_y"].ravel()).mean(), (products >= STRONG * products.max()).sum()]


def show(title, values):
    print(title, *(f"{name} {value:.17g}" for name, value in zip(NAMES, values)))


if __name__ == "__main__":
    if sys.argv[1] == "follow":
        show("given", follow(np.load(sys.argv[2])))
    else:
        table = np.loadtxt(gzip.open(DIGITS), delimiter=",")
        table = table[np.isin(table[:, -1], [3, 8])]
        draws = range(1, int(sys.argv[2]) + 1 if len(sys.argv) > 2 else 21)
        all_values = np.array([follow(draw(table[:, :-1], table[:, -1], np.random.default_rng(seed))) for seed in draws])
        for seed, values in zip(draws, all_values):
            show(f"draw {seed}", values)
        show("mean", all_values.mean(axis=0))
        show("deviation", all_values.std(axis=0, ddof=1))
        show("least", all_values.min(axis=0))
        show("most", all_values.max(axis=0))
