"""The machine's peak of matrix products: the best GFLOP/s of C = A B, 2048 x 2048, by NumPy's linear algebra in float64. Threads by OPENBLAS_NUM_THREADS."""
import time

import numpy as np

n = 2048
rng = np.random.default_rng(1)
a, b, c = rng.standard_normal((n, n)), rng.standard_normal((n, n)), np.empty((n, n))
best = float("inf")
for _ in range(8):
    start = time.perf_counter()
    np.matmul(a, b, out=c)
    best = min(best, time.perf_counter() - start)
print(2 * n**3 / best / 1e9)
