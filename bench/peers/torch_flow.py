"""Full-batch gradient descent in PyTorch as public notebooks write it: modules, a criterion, an optimizer, one step after the other until the time of the flow.

Arguments: problem.npz result.npz float64|float32 STEP SECONDS, the last a limit of processor time; threads by OMP_NUM_THREADS. The flow's loss is
L = (1/2n) sum of squares, half of MSELoss, so that a step of the flow's time is half as long in units of the optimizer.
"""
import sys

import numpy as np
import torch

from exchange import Clock, Late, read, write

path, result, precision, step, limit = sys.argv[1:]
dtype, step = getattr(torch, precision), float(step)
problem = read(path)
scale = np.exp(problem["rho"])
X, y = torch.tensor(problem["X"], dtype=dtype), torch.tensor(problem["y"], dtype=dtype)[:, None]
m, d = problem["w"].shape


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(d, m, bias=False, dtype=dtype)
        self.out = torch.nn.Linear(m, 1, bias=False, dtype=dtype)
        with torch.no_grad():
            self.hidden.weight.copy_(torch.tensor(problem["w"] * scale[:, None]))
            self.out.weight.copy_(torch.tensor(problem["a"] * scale)[None, :])

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))


net = Net()
criterion = torch.nn.MSELoss()
optimizer = torch.optim.SGD(net.parameters(), lr=step / 2)
count = round(float(problem["time"]) / step)
steps = 0
clock = Clock(float(limit))
try:
    for steps in range(1, count + 1):
        optimizer.zero_grad()
        loss = criterion(net(X), y)
        loss.backward()
        optimizer.step()
        if steps % 64 == 0:
            clock.check()
except Late:
    pass

write(result, steps == count, steps * step, clock, steps, steps,
      lambda: (net.hidden.weight.detach().double().numpy(), net.out.weight.detach().double().numpy()[0], np.zeros(m)))
