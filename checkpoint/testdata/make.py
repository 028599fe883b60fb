#!/usr/bin/env python3
"""Writes the files of this folder with PyTorch: the state_dicts of its optimizers after
some steps, as a user would save them, and in paths.json the steps themselves.

    python3 make.py

Every optimizer takes the same gradients. Lion, which PyTorch does not have, is written
here from its definition; the training_args.json and trainer_state.json beside this
file are written by hand with the Trainer's keys and are not touched.
"""
import json
import math
import pathlib
import struct

import torch

HERE = pathlib.Path(__file__).parent
STEPS, SIZE = 40, 4
GRADIENTS = [[math.cos(1.3 * n + j) * 10.0 ** (1 - j) for j in range(SIZE)] for n in range(STEPS)]


class Lion(torch.optim.Optimizer):
    """theta <- theta - lr (sign(b1 m + (1 - b1) g) + weight_decay theta), m <- b2 m + (1 - b2) g."""

    def __init__(self, params, lr, betas, weight_decay):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                u = torch.sign(b1 * m + (1 - b1) * p.grad) + group["weight_decay"] * p.data
                p.data = p.data - group["lr"] * u
                self.state[p]["exp_avg"] = b2 * m + (1 - b2) * p.grad


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.tolist()
    raise TypeError(type(value))


def parameters(count=1):
    size = SIZE // count
    return [torch.nn.Parameter(torch.tensor([0.5 + 0.25 * (size * i + j) for j in range(size)], dtype=torch.float64)) for i in range(count)]


def walk(optimizer, params):
    path = []
    for g in GRADIENTS:
        at = 0
        for p in params:
            p.grad = torch.tensor(g[at : at + len(p)], dtype=torch.float64)
            at += len(p)
        optimizer.step(lambda: 0.0) if isinstance(optimizer, torch.optim.LBFGS) else optimizer.step()
        path.append([x for p in params for x in p.tolist()])
    return path


def write_safetensors(name, tensors, metadata):
    kinds = {torch.float64: "F64", torch.float32: "F32", torch.bfloat16: "BF16", torch.int64: "I64"}
    header, data = {"__metadata__": metadata}, b""
    for key, t in tensors.items():
        bits = t.contiguous().view(torch.int16) if t.dtype == torch.bfloat16 else t.contiguous()
        raw = bits.numpy().tobytes()
        header[key] = {"dtype": kinds[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    (HERE / name).write_bytes(struct.pack("<Q", len(text)) + text + data)


def states(optimizer):
    return {f"state.{i}.{name}": torch.as_tensor(t) for i, s in optimizer.state_dict()["state"].items() for name, t in s.items()}


def main():
    opt = torch.optim
    cases = {
        "adam": lambda p: opt.Adam(p, lr=1e-2, betas=(0.8, 0.95), eps=1e-3),
        "adam-l2": lambda p: opt.Adam(p, lr=1e-2, weight_decay=0.1),
        "adam-maximize": lambda p: opt.Adam(p, lr=1e-2, maximize=True),
        "adamw": lambda p: opt.AdamW(p, lr=2e-2, betas=(0.9, 0.95), weight_decay=0.05),
        "sgd": lambda p: opt.SGD(p, lr=0.1, weight_decay=0.01),
        "sgd-momentum": lambda p: opt.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.01),
        "sgd-nesterov": lambda p: opt.SGD(p, lr=0.01, momentum=0.8, nesterov=True),
        "rmsprop": lambda p: opt.RMSprop(p, lr=1e-2, alpha=0.9, eps=1e-4, weight_decay=0.1),
        "rmsprop-centered": lambda p: opt.RMSprop(p, lr=1e-3, alpha=0.9, eps=1e-4, centered=True),
        "nadam": lambda p: opt.NAdam(p, lr=1e-2, weight_decay=0.1),
        "lion": lambda p: Lion(p, lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1),
        "adam-amsgrad": lambda p: opt.Adam(p, lr=1e-2, amsgrad=True),
        "sgd-dampening": lambda p: opt.SGD(p, lr=0.01, momentum=0.9, dampening=0.5),
        "rmsprop-momentum": lambda p: opt.RMSprop(p, lr=1e-2, momentum=0.5),
        "radam": lambda p: opt.RAdam(p, lr=1e-2),
        "adamax": lambda p: opt.Adamax(p, lr=1e-2),
        "adagrad": lambda p: opt.Adagrad(p, lr=1e-2),
        "adadelta": lambda p: opt.Adadelta(p),
        "rprop": lambda p: opt.Rprop(p),
        "asgd": lambda p: opt.ASGD(p),
        "lbfgs": lambda p: opt.LBFGS(p),
    }
    paths = {"gradients": GRADIENTS, "start": parameters()[0].tolist(), "paths": {}}
    (HERE / "torch").mkdir(exist_ok=True)
    for name, build in cases.items():
        params = parameters()
        optimizer = build(params)
        paths["paths"][name] = walk(optimizer, params)[9::10]
        text = json.dumps(optimizer.state_dict(), default=plain)
        (HERE / "torch" / f"{name}.json").write_text(text + "\n")
    (HERE / "paths.json").write_text(json.dumps(paths) + "\n")

    # Two groups as the Trainer makes them; the states apart, in several types.
    params = parameters(2)
    optimizer = opt.AdamW([{"params": params[:1], "weight_decay": 0.1}, {"params": params[1:], "weight_decay": 0.0}], lr=1e-3, eps=1e-2)
    walk(optimizer, params)
    tensors = states(optimizer)
    tensors["state.0.exp_avg"] = tensors["state.0.exp_avg"].to(torch.bfloat16)
    tensors["state.1.exp_avg_sq"] = tensors["state.1.exp_avg_sq"].to(torch.float32)
    tensors["state.1.step"] = tensors["state.1.step"].to(torch.int64)
    groups = optimizer.state_dict()["param_groups"]
    (HERE / "pair").mkdir(exist_ok=True)
    (HERE / "pair" / "optimizer.json").write_text(json.dumps({"optimizer": "torch.optim.AdamW", "param_groups": groups}) + "\n")
    write_safetensors("pair/optimizer.safetensors", tensors, {})
    write_safetensors("metadata.safetensors", tensors, {"param_groups": json.dumps(groups), "optimizer": "AdamW", "epoch": "3"})

    # A learning rate that its schedule has brought to 0.
    params = parameters()
    optimizer = opt.Adam(params, lr=1e-2)
    schedule = opt.lr_scheduler.LambdaLR(optimizer, lambda n: max(0.0, 1 - n / STEPS))
    for g in GRADIENTS:
        params[0].grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
        schedule.step()
    (HERE / "ended.json").write_text(json.dumps({"epoch": 7, "model": {}, "optimizer": optimizer.state_dict()}, default=plain) + "\n")


if __name__ == "__main__":
    main()
