"""Writes golden.json: operations, and losses with gradient and Hessian-vector
product, as PyTorch computes them in float64. Images and kernels are permuted
from and to PyTorch's orders here, so that the file holds leeway's.

    python3 golden.py > golden.json        (with PyTorch 1.13 or later)
"""
import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(1)
cases = []


def draw(*shape):
    return torch.randint(-64, 65, shape, generator=generator) / 64 + torch.rand(shape, generator=generator) / 256


def arrays(tensors):
    return [{"shape": list(t.shape), "elements": t.detach().flatten().tolist()} for t in tensors]


def case(name, inputs, outputs):
    cases.append({"name": name, "inputs": arrays(inputs), "outputs": arrays(outputs)})


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def conv(x, w, stride=(1, 1), pad=(0, 0, 0, 0)):
    """x [N H W C], w [KH KW C O], pad = left, right, top, bottom."""
    return nhwc(F.conv2d(F.pad(nchw(x), pad), w.permute(3, 2, 0, 1), stride=stride))


def with_gradients(name, f, *inputs):
    """The value, and the pullback of a cotangent that stands last."""
    leaves = [x.clone().requires_grad_() for x in inputs]
    y = f(*leaves)
    c = draw(*y.shape)
    case(name, list(inputs) + [c], [y] + list(torch.autograd.grad(y, leaves, c)))


strided = dict(stride=(2, 1), pad=(2, 1, 1, 0))
with_gradients("conv", lambda x, w: conv(x, w, **strided), draw(2, 5, 4, 2), draw(2, 3, 2, 3))
with_gradients("same conv", lambda x, w: conv(x, w, pad=(1, 1, 1, 1)), draw(2, 3, 4, 2), draw(3, 3, 2, 2))
with_gradients("conv of one pixel", lambda x, w: conv(x, w), draw(2, 3, 2, 3), draw(1, 1, 3, 2))
with_gradients("max pool", lambda x: nhwc(F.max_pool2d(nchw(x), (2, 3), stride=(2, 1))), draw(2, 5, 4, 2))
with_gradients("matmul", lambda a, b: a @ b.transpose(1, 2), draw(2, 3, 4), draw(2, 5, 4))
with_gradients("gelu", F.gelu, draw(7))
with_gradients("softplus", F.softplus, draw(7))
with_gradients("sigmoid", torch.sigmoid, draw(7))
with_gradients("log-sum-exp", lambda x: torch.logsumexp(x, -1, keepdim=True), draw(3, 5))
with_gradients("softmax", lambda x: torch.softmax(x, -1), draw(3, 5))
with_gradients("standardize", lambda x: F.layer_norm(x, (4,), eps=1e-3), draw(3, 4))
with_gradients("gather", lambda x: F.embedding(torch.tensor([[2, 0], [2, 1]]), x), draw(3, 2))
with_gradients("scatter-add", lambda x: torch.zeros(4, 2).index_add(0, torch.tensor([2, 0, 2]), x), draw(3, 2))


def network(name, loss, x, parameters, labels):
    leaves = [p.clone().requires_grad_() for p in parameters]
    value = loss(x, leaves, labels)
    gradient = torch.autograd.grad(value, leaves, create_graph=True)
    direction = [draw(*p.shape) for p in parameters]
    product = torch.autograd.grad(gradient, leaves, direction)
    case(name, [x, labels] + parameters + direction, [value] + list(gradient) + list(product))


def cross_entropy(logits, labels):
    return -(labels * torch.log_softmax(logits, -1)).sum(1).mean()


def one_hot(rows, classes):
    return F.one_hot(torch.randint(0, classes, (rows,), generator=generator), classes).double()


def mlp(x, p, labels):
    h = torch.tanh(x @ p[0] + p[1])
    return cross_entropy(h @ p[2] + p[3], labels)


def cnn(x, p, labels):
    h = torch.tanh(conv(x, p[0], pad=(1, 1, 1, 1)) + p[1])
    h = torch.tanh(conv(h, p[2]) + p[3])
    h = nhwc(F.max_pool2d(nchw(h), 2)).reshape(len(x), -1)
    return cross_entropy(h @ p[4] + p[5], labels)


def attention(x, p, labels):
    n, t, d = x.shape
    i = iter(p)

    def norm(x):
        return F.layer_norm(x, (d,), next(i), next(i), eps=1e-5)

    def linear(x):
        w, b = next(i), next(i)
        return x @ w.reshape(w.shape[-2:]) + b

    q, k, v = (a.reshape(n, t, 2, d // 2).transpose(1, 2) for a in linear(norm(x)).split(d, -1))
    h = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(d // 2), -1) @ v
    h = x + linear(h.transpose(1, 2).reshape(n, t, d))
    h = h + linear(F.gelu(linear(norm(h))))
    return cross_entropy(linear(norm(h).mean(1)), labels)


network("mlp", mlp, draw(3, 4), [draw(*s) for s in [(4, 3), (3,), (3, 2), (2,)]], one_hot(3, 2))
network("cnn", cnn, draw(2, 4, 4, 2),
        [draw(*s) for s in [(3, 3, 2, 3), (3,), (1, 1, 3, 4), (4,), (16, 3), (3,)]], one_hot(2, 3))
network("attention", attention, draw(2, 3, 4),
        [draw(*s) for s in [(4,), (4,), (1, 4, 12), (12,), (1, 4, 4), (4,), (4,), (4,),
                            (1, 4, 8), (8,), (1, 8, 4), (4,), (4,), (4,), (4, 3), (3,)]], one_hot(2, 3))

print(json.dumps({"torch": torch.__version__, "cases": cases}, indent=0).replace("\n", " ").replace('{ "name"', '\n{ "name"'))
