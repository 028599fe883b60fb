"""Loss, gradient and Hessian-vector product of networks in PyTorch.

Reads a JSON list of problems on stdin: name, forward (an expression of
torch_models), loss, parameters [name, shape], theta, direction, x, shape (channels
last), tokens, y, test (more examples). Writes, in float64, for each problem the
loss, the gradient and the product (flat), the logits of the test examples in
evaluation, with the running statistics that torch.nn.BatchNorm2d(momentum=None)
holds after one pass over x in pieces.
"""
import json
import os
import sys

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import torch_models as models  # noqa: E402

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def split(parameters, flat):
    flat, p, at = torch.tensor(flat), {}, 0
    for name, shape in parameters:
        n = int(torch.tensor(shape).prod())
        p[name], at = flat[at : at + n].view(shape), at + n
    assert at == len(flat)
    return p


def inputs(problem, values):
    if problem["tokens"]:
        return torch.tensor(values, dtype=torch.long).view(-1, *problem["shape"])
    x = torch.tensor(values).view(-1, *problem["shape"])
    return x.permute(0, 3, 1, 2).contiguous() if x.dim() == 4 else x


class Recorder:
    """Stands in for batch_norm: PyTorch's own module in training, which gathers
    running statistics."""

    def __init__(self):
        self.modules = {}

    def __call__(self, p, name, x, running=None):
        if name not in self.modules:
            n = self.modules[name] = torch.nn.BatchNorm2d(x.shape[1], momentum=None)
            n.weight.data, n.bias.data = p[name + ".weight"].data, p[name + ".bias"].data
        return self.modules[name](x)

    def running(self):
        return {f"{name}.{k}": v for name, n in self.modules.items() for k, v in n.state_dict().items()}


def solve(problem):
    p = split(problem["parameters"], problem["theta"])
    v = split(problem["parameters"], problem["direction"])
    x, y = inputs(problem, problem["x"]), torch.tensor(problem["y"])
    forward = lambda p, x: eval("models." + problem["forward"], {"models": models, "p": p, "x": x})  # noqa: E731
    for a in p.values():
        a.requires_grad_()
    if problem["tokens"]:
        y = y.view(x.shape)
    loss, first = 0, 0
    for n in problem["pieces"]:  # every piece is normalised by itself
        loss, first = loss + models.loss(problem["loss"], forward(p, x[first : first + n]), y[first : first + n]) * n / len(x), first + n
    gradient = torch.autograd.grad(loss, p.values(), create_graph=True)
    product = torch.autograd.grad(sum((g * d).sum() for g, d in zip(gradient, v.values())), p.values())
    result = {"name": problem["name"], "loss": loss.item()}
    flat = lambda parts: torch.cat([a.flatten() for a in parts]).tolist()  # noqa: E731
    result["gradient"], result["product"] = flat(gradient), flat(product)
    with torch.no_grad():
        test = inputs(problem, problem["test"])
        if any("bn" in name for name in p):
            recorder, plain = Recorder(), models.batch_norm
            models.batch_norm, first = recorder, 0
            for n in problem["pieces"]:
                forward(p, x[first : first + n])
                first += n
            running = recorder.running()
            models.batch_norm = lambda p, name, x, _: plain(p, name, x, running)
            logits = forward(p, test)
            models.batch_norm = plain
        else:
            logits = forward(p, test)
    result["logits"] = logits.flatten().tolist()
    return result


json.dump([solve(problem) for problem in json.load(sys.stdin)], sys.stdout)
