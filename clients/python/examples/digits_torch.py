"""A training script's model, asked by leeway: the lines below the mark are all it takes.

The data are what `leeway check examples/digits-mlp.yaml --npz digits.npz` writes:
rows x and classes y of handwritten digits, and the parameters to begin with.
"""
import sys

import numpy as np
import torch

file = np.load(sys.argv[1])
x, y = torch.from_numpy(file["x"]).double(), torch.from_numpy(file["y"]).long()
model = torch.nn.Sequential(
    torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10)).double()
with torch.no_grad():
    for p, name in zip(model.parameters(), (n for n in file.files if n.startswith("param/"))):
        p.copy_(torch.from_numpy(file[name]))

# From here on it is about leeway.
import leeway

batches = [(x, y)]  # one batch of everything: full-batch training


def loss(model, batch):
    return torch.nn.functional.cross_entropy(model(batch[0]), batch[1])


leeway.serve(leeway.from_torch(model, loss, batches))
