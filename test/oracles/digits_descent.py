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


def digits():
    """Pixels and labels of the images of 3 and 8."""
    table = np.loadtxt(gzip.open(DIGITS), delimiter=",")
    table = table[np.isin(table[:, -1], [3, 8])]
    return table[:, :-1], table[:, -1]


def draw(pixels, labels, rng, width=WIDTH, samples=SAMPLES, scale=SCALE):
    """As many images of one label as of the other, the rest held out, and a balanced start."""
    x = np.column_stack([pixels / 16, np.ones(len(labels))])
    y = np.where(labels == 3, 1.0, -1.0)
    chosen = np.zeros(len(y), bool)
    for sign in (1.0, -1.0):
        chosen[rng.permutation(np.flatnonzero(y == sign))[: samples // 2]] = True
    w = rng.normal(size=(width, x.shape[1])) * scale / np.sqrt(width * (x.shape[1] - 1))
    a = np.linalg.norm(w, axis=1) * rng.choice([-1.0, 1.0], width)
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


def tell(draw_one, follow_one, names):
    """What the command line asks for: one line of quantities, or one a draw with mean, deviation and extremes."""

    def show(title, values):
        print(title, *(f"{name} {value:.17g}" for name, value in zip(names, values)), flush=True)

    if sys.argv[1] == "follow":
        show("given", follow_one(np.load(sys.argv[2])))
        return

    pixels, labels = digits()
    draws = range(1, int(sys.argv[2]) + 1 if len(sys.argv) > 2 else 21)
    all_values = []
    for seed in draws:
        all_values.append(follow_one(draw_one(pixels, labels, np.random.default_rng(seed))))
        show(f"draw {seed}", all_values[-1])
    for title, values in [("mean", np.mean(all_values, axis=0)), ("deviation", np.std(all_values, axis=0, ddof=1)), ("least", np.min(all_values, axis=0)), ("most", np.max(all_values, axis=0))]:
        show(title, values)


if __name__ == "__main__":
    tell(draw, follow, NAMES)
