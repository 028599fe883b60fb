#!/usr/bin/env python3
"""Holds what `leeway check --npz FILE` wrote against PyTorch.

    check_torch.py FILE ARCHITECTURE [LOSS] [key=value ...]

ARCHITECTURE is a function of nn/testdata/torch_models.py (mlp, cnn, resnet,
simple_vit, transformer), key=value are its settings (activation=tanh, heads=4).
From parameters, x and y of the file alone PyTorch computes loss, gradient and,
by double backward, the Hessian-vector product along the file's direction.
Prints one JSON object with the relative errors (of vectors, in the two-norm).
"""
import json
import pathlib
import sys

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "nn" / "testdata"))
import torch_models  # noqa: E402


def main(path, architecture, *rest):
    settings = dict(word.split("=", 1) for word in rest if "=" in word)
    settings = {key: int(value) if value.isdigit() else value for key, value in settings.items()}
    loss_name = next((word for word in rest if "=" not in word), "cross-entropy")
    arrays = {name: torch.from_numpy(array) for name, array in numpy.load(path).items()}

    def section(kind):
        return {name[len(kind) + 1:]: array for name, array in arrays.items() if name.startswith(kind + "/")}

    parameters = {name: array.requires_grad_() for name, array in section("param").items()}
    direction = section("direction")
    # Batch norm takes its statistics over the rows that are worked on at once.
    x, y = arrays["x"], arrays["y"]
    loss, first = 0, 0
    for rows in arrays["pieces"].tolist():
        part = slice(first, first + rows)
        first += rows
        logits = getattr(torch_models, architecture)(parameters, x[part], **settings)
        loss = loss + rows / len(x) * torch_models.loss(loss_name, logits, y[part])
    names = list(parameters)
    gradient = torch.autograd.grad(loss, [parameters[n] for n in names], create_graph=True)
    slope = sum((g * direction[n]).sum() for n, g in zip(names, gradient))
    product = torch.autograd.grad(slope, [parameters[n] for n in names])

    def relative(ours, theirs):
        ours = torch.cat([ours[n].flatten() for n in names])
        theirs = torch.cat([t.detach().flatten() for t in theirs])
        return ((ours - theirs).norm() / theirs.norm()).item()

    loss = loss.item()
    print(json.dumps({
        "parameters": sum(p.numel() for p in parameters.values()),
        "loss": loss,
        "loss_error": abs(arrays["loss"].item() - loss) / abs(loss),
        "gradient_error": relative(section("grad"), gradient),
        "hvp_error": relative(section("hvp"), product),
        "hvp_norm": torch.cat([p.flatten() for p in product]).norm().item(),
    }))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
