"""Serve a model to leeway: loss, gradient and Hessian-vector products of each batch.

One file; it needs NumPy, and PyTorch or JAX only where their adapters are used.

    import leeway
    leeway.serve(leeway.from_torch(model, loss, batches))

answers leeway's questions on standard input and output until there are none.
The protocol is in docs/protocol.md of leeway.
"""

import errno
import json
import mmap
import os
import socket
import stat
import struct
import sys
import threading
import time
import traceback

import numpy as np

PROTOCOL = 1
VERSION = "1.0"

_HEADER = struct.Struct("<4sHHQQQ")
_MAGIC = b"LWY1"
_HELLO, _MEMORY, _START, _GRADIENT, _PRODUCT, _METRICS, _BYE, _ERROR = 1, 2, 3, 4, 5, 6, 7, 255
_SHARED = 1


class Objective:
    """An objective made of NumPy functions.

    start       the parameters to begin with, a vector
    gradient    gradient(theta, k) returns loss and gradient of batch k
    product     product(theta, v, k) returns the Hessian times v; without it leeway
                takes differences of gradients
    batches     the number of batches
    weights     what each batch weighs in the full loss; None: all alike
    metrics     {"train": (rows, f), "test": (rows, f)} with f(theta) -> (loss, accuracy)
    parameters  [(name, shape), ...] in the order of theta
    kinks       whether the loss has kinks (relu, max pooling)
    dtype       "float64" or "float32"
    """

    def __init__(self, start, gradient, product=None, batches=1, weights=None, metrics=None,
                 parameters=None, name="", kinks=False, dtype="float64"):
        self.start = np.array(start, dtype=dtype).ravel()  # a copy: models reuse their arrays
        self.gradient, self.product = gradient, product
        self.batches, self.weights = int(batches), weights
        self.metrics, self.parameters = metrics or {}, parameters or []
        self.name, self.kinks, self.dtype = name, kinks, str(np.dtype(dtype))


def from_torch(model, loss, batches, test=None, train=None, kinks=None, name=None, weights=None):
    """An objective of a PyTorch module.

    loss(model, batch) returns the mean loss of one batch; batches is a list of
    whatever loss understands. test and train are pairs (rows, f) where f(model)
    returns loss and accuracy. weights say what each batch weighs in the full loss; by
    default its share of the rows, where every batch begins with an array of them. The
    module is switched to eval(), so that dropout and batch statistics do not change
    between questions; its parameters that require a gradient are the vector, in their
    order, all float32 or all float64.
    """
    import torch

    model.eval()
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    if not named:
        raise ValueError("no parameter of the model requires a gradient")
    parameters = [p for _, p in named]
    dtypes = {p.dtype for p in parameters}
    if len(dtypes) > 1 or not dtypes <= {torch.float32, torch.float64}:
        raise ValueError("the parameters are of type {}, and should all be float32 or all float64: model.float()".format(
            ", ".join(sorted(str(t) for t in dtypes))))
    batches = list(batches)

    def flat(tensors, like):
        return torch.cat([(torch.zeros_like(p) if t is None else t).detach().reshape(-1)
                          for t, p in zip(tensors, like)]).cpu().numpy()

    kept = {}  # the graph of the last product: several at one point share it

    def load(theta):
        kept.clear()
        theta, i = torch.from_numpy(theta), 0
        with torch.no_grad():
            for p in parameters:
                p.copy_(theta[i:i + p.numel()].view_as(p))
                i += p.numel()

    def valued(k):
        value = loss(model, batches[k])
        if not (isinstance(value, torch.Tensor) and value.numel() == 1 and value.requires_grad):
            raise ValueError("loss(model, batch) returned {}, and should return one number with a gradient, "
                             "such as torch.nn.functional.cross_entropy(...)".format(
                                 tuple(value.shape) if isinstance(value, torch.Tensor) else type(value).__name__))
        return value.reshape(())

    def gradient(theta, k):
        load(theta)
        value = valued(k)
        return value.item(), flat(torch.autograd.grad(value, parameters, allow_unused=True), parameters)

    def product(theta, v, k):
        if not (kept and kept["k"] == k and np.array_equal(kept["theta"], theta)):
            load(theta)
            value = valued(k)
            first = torch.autograd.grad(value, parameters, create_graph=True, allow_unused=True)
            kept.update(theta=np.array(theta), k=k, first=first)
        v, i, pairs = torch.from_numpy(v), 0, []
        for g, p in zip(kept["first"], parameters):
            if g is not None and g.requires_grad:
                pairs.append((g, v[i:i + p.numel()].view_as(p).to(p.device)))
            i += p.numel()
        if not pairs:
            return np.zeros_like(theta)
        second = torch.autograd.grad([g for g, _ in pairs], parameters, [w for _, w in pairs],
                                     retain_graph=True, allow_unused=True)
        return flat(second, parameters)

    def judged(f):
        def measure(theta):
            load(theta)
            with torch.no_grad():
                return tuple(float(x) for x in f(model))
        return measure

    if kinks is None:
        kinks = bool(batches) and _kinked(valued(0))
    return Objective(
        start=flat(parameters, parameters), gradient=gradient, product=product, batches=len(batches),
        weights=_shares(batches) if weights is None else weights,
        metrics={n: (m[0], judged(m[1])) for n, m in (("train", train), ("test", test)) if m},
        parameters=[(n, list(p.shape)) for n, p in named], name=name or type(model).__name__, kinks=kinks,
        dtype={torch.float32: "float32", torch.float64: "float64"}[parameters[0].dtype])


# Operations of PyTorch whose derivatives jump, by parts of the names of their gradients.
_KINKS = ("Relu", "Threshold", "Hardtanh", "Hardshrink", "Softshrink", "Prelu", "Abs", "MaxPool", "MaxBackward",
          "MinBackward", "Amax", "Amin", "Maximum", "Minimum", "Clamp", "Sign", "Topk", "Sort", "Median", "Hardswish",
          "Hardsigmoid", "Rrelu", "MultiMargin", "Hinge")


def _kinked(value):
    """Whether an operation on the way to a value has kinks."""
    seen, rest = set(), [value.grad_fn]
    while rest:
        f = rest.pop()
        if f is None or f in seen:
            continue
        seen.add(f)
        if any(name in type(f).__name__ for name in _KINKS):
            return True
        rest += [g for g, _ in f.next_functions]
    return False


def _shares(batches):
    """The rows of each batch over those of all, or None where that cannot be told."""
    rows = []
    for batch in batches:
        first = batch[0] if isinstance(batch, (tuple, list)) and batch else batch
        shape = getattr(first, "shape", None)
        if not shape:
            return None
        rows.append(int(shape[0]))
    return [n / sum(rows) for n in rows] if rows and sum(rows) else None


def from_jax(loss, params, batches, test=None, train=None, kinks=False, name="a JAX function", weights=None):
    """An objective of a JAX function: loss(params, batch) with params any pytree.

    weights are as in from_torch. test and train are pairs (rows, f) where f(params) returns loss and accuracy.
    For float64 switch it on first: jax.config.update("jax_enable_x64", True).
    """
    import jax
    from jax.flatten_util import ravel_pytree

    start, unravel = ravel_pytree(params)
    batches = list(batches)

    def scalar(theta, batch):
        return loss(unravel(theta), batch)

    value_and_grad = jax.jit(jax.value_and_grad(scalar))
    hvp = jax.jit(lambda theta, v, batch: jax.jvp(lambda t: jax.grad(scalar)(t, batch), (theta,), (v,))[1])

    def gradient(theta, k):
        value, g = value_and_grad(np.array(theta), batches[k])
        return float(value), np.asarray(g)

    def product(theta, v, k):
        return np.asarray(hvp(np.array(theta), np.array(v), batches[k]))

    def judged(f):
        return lambda theta: tuple(float(x) for x in f(unravel(np.array(theta))))

    leaves = jax.tree_util.tree_flatten_with_path(params)[0]
    return Objective(
        start=np.asarray(start), gradient=gradient, product=product, batches=len(batches),
        weights=_shares(batches) if weights is None else weights,
        metrics={n: (m[0], judged(m[1])) for n, m in (("train", train), ("test", test)) if m},
        parameters=[(jax.tree_util.keystr(path), list(np.shape(x))) for path, x in leaves],
        name=name, kinks=kinks, dtype=str(np.asarray(start).dtype))


def serve(objective, address=None):
    """Answer questions until there are none: on standard input and output, or at an
    address, unix:PATH or tcp:127.0.0.1:PORT, to one client after the other."""
    if address is None:
        if _OUT is None:
            print("leeway.py: waiting for leeway's questions on standard input", file=sys.stderr)
        _Session(objective, os.dup(0), _claim() if _OUT is None else _OUT).run()
        return
    if _OUT is not None:
        raise SystemExit("leeway started this script by a command, so serve() takes no address here; "
                         "with address: in the config leeway connects to a script that runs already")
    with _listen(address) as server:
        print("leeway.py: serving at " + address, file=sys.stderr)
        try:
            while True:
                connection, _ = server.accept()
                with connection:
                    if connection.family != getattr(socket, "AF_UNIX", None):
                        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    fd = connection.fileno()
                    try:
                        _Session(objective, fd, fd, watched=False).run()
                    except OSError as e:  # the asker is gone; there may be another
                        print("leeway.py: the connection broke: {}".format(e), file=sys.stderr)
        finally:
            if address.startswith("unix:"):
                os.unlink(address[len("unix:"):])


def _claim():
    """Standard output for the answers alone: whatever else prints, also what Python
    still holds back, goes to standard error."""
    out = os.dup(1)
    os.dup2(2, 1)
    sys.stdout.flush()
    return out


# Under leeway already now, before the model is made and prints.
_OUT = _claim() if os.environ.get("LEEWAY_PROTOCOL") else None


def _listen(address):
    kind, _, rest = address.partition(":")
    if kind == "unix":
        if _abandoned(rest):
            os.unlink(rest)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(rest)
    elif kind == "tcp":
        host, _, port = rest.rpartition(":")
        host = host.strip("[]")
        if host not in ("localhost", "::1") and not host.startswith("127."):
            raise ValueError("{} is not this machine: the protocol has no passwords, so it is served to it alone, "
                             "at tcp:127.0.0.1:PORT".format(host))
        server = socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    else:
        raise ValueError("the address is neither unix:PATH nor tcp:127.0.0.1:PORT: " + address)
    server.listen(1)
    return server


def _abandoned(path):
    """Whether there is a socket that nobody serves any more."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return False
    except OSError:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
    return False


class _Session:
    """The questions of one asker."""

    def __init__(self, objective, fd_in, fd_out, watched=True):
        self.o, self.fd_in, self.fd_out = objective, fd_in, fd_out
        self.dtype = np.dtype(objective.dtype).newbyteorder("<")
        self.dim, self.slots, self.over = objective.start.size, None, False
        self.lend, self.lent = _lender(fd_out), None
        self.buffer = bytearray(_HEADER.size)  # kept: fresh pages cost more than what is read into them
        if watched:
            threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        """End with the asker, also in the middle of a long question."""
        import select

        if not hasattr(select, "poll"):
            return
        poll = select.poll()
        poll.register(self.fd_in, 0)
        poll.poll()
        time.sleep(1)  # for an end in good order
        if not self.over:
            os._exit(0)

    def run(self):
        while True:
            header = self.read(_HEADER.size)
            if header is None:
                break
            magic, kind, flags, number, argument, length = _HEADER.unpack(header)
            if magic != _MAGIC:
                self.write(_ERROR, 0, ["the question is not of version 1 of the protocol".encode()])
                break
            payload = self.read(length)
            if payload is None or kind == _BYE:
                break
            try:
                shared, parts = self.answer(kind, flags & _SHARED, argument, payload)
            except Exception as e:  # the model's own: leeway should know
                traceback.print_exc()
                shared, kind, parts = 0, _ERROR, ["{}: {}".format(type(e).__name__, e).encode()]
            self.write(kind, number, parts, shared)
        self.over = True

    def answer(self, kind, shared, argument, payload):
        """Returns whether the array is in shared memory, and the payload in parts."""
        o = self.o
        if kind == _HELLO:
            asked = json.loads(bytes(payload))["protocol"]
            if asked != PROTOCOL:
                raise ValueError("leeway speaks version {} of the protocol, leeway.py version {}".format(asked, PROTOCOL))
            return 0, [json.dumps(self.description()).encode()]
        if kind == _MEMORY:
            return 0, [self.map(json.loads(bytes(payload)))]
        if kind == _START:
            return self.result(o.start, shared)
        if kind == _GRADIENT:
            theta, = self.vectors(payload, shared, 1)
            loss, g = o.gradient(theta, int(argument))
            shared, parts = self.result(g, shared)
            return shared, [struct.pack("<d", float(loss))] + parts
        if kind == _PRODUCT:
            theta, v = self.vectors(payload, shared, 2)
            return self.result(o.product(theta, v, int(argument)), shared)
        if kind == _METRICS:
            theta, = self.vectors(payload, shared, 1)
            if argument >= len(o.metrics):
                raise ValueError("there are {} sets of rows to be judged on, not number {}".format(len(o.metrics), argument))
            loss, accuracy = list(o.metrics.values())[argument][1](theta)
            return 0, [struct.pack("<dd", float(loss), float(accuracy))]
        raise ValueError("there is no question of kind {}".format(kind))

    def description(self):
        o = self.o
        return {
            "protocol": PROTOCOL, "name": o.name, "client": "leeway.py " + VERSION, "dtype": o.dtype, "dim": self.dim,
            "parameters": [{"name": n, "shape": list(s)} for n, s in o.parameters],
            "batches": o.batches, "weights": None if o.weights is None else [float(w) for w in o.weights],
            "products": o.product is not None, "kinks": bool(o.kinks),
            "metrics": [{"name": n, "rows": int(m[0])} for n, m in o.metrics.items()], "shared": True,
        }

    def map(self, offer):
        """Maps shared memory. An answer that is not empty says why not."""
        mark = bytes.fromhex(offer["mark"])
        try:
            with open(offer["path"], "rb") as f:  # in another container it is another file
                with mmap.mmap(f.fileno(), len(mark), access=mmap.ACCESS_READ) as first:
                    if first[:] != mark:
                        return b"the path names another file here"
            with open(offer["path"], "r+b") as f:
                memory = mmap.mmap(f.fileno(), offer["size"])
        except (OSError, ValueError) as e:
            return str(e).encode() or b"no shared memory"
        self.slots = [np.frombuffer(memory, self.dtype, self.dim, i * offer["stride"]) for i in range(3)]
        return b""

    def vectors(self, payload, shared, n):
        if shared:
            return self.slots[:n]
        return np.frombuffer(payload, self.dtype).reshape(n, self.dim)

    def result(self, x, shared):
        x = np.asarray(x).reshape(-1)
        if x.size != self.dim:
            raise ValueError("the answer has {} numbers, the model {} parameters".format(x.size, self.dim))
        if shared:
            np.copyto(self.slots[2], x, casting="same_kind")
            return _SHARED, []
        return 0, [memoryview(np.ascontiguousarray(x, self.dtype)).cast("B")]

    def read(self, n):
        """n bytes, valid until the next call, or None at the end."""
        if len(self.buffer) < n:
            self.buffer = bytearray(n)
        view, got = memoryview(self.buffer)[:n], 0
        while got < n:
            part = os.readv(self.fd_in, [view[got:]])
            if part == 0:
                return None
            got += part
        return view

    def write(self, kind, number, parts, shared=0):
        start = _HEADER.pack(_MAGIC, kind, shared, number, 0, sum(len(p) for p in parts))
        rest = list(parts)
        while rest and len(rest[0]) <= _SHORT:
            start += bytes(rest.pop(0))  # a short answer is one piece
        for part in [start] + rest:
            view = memoryview(part)
            if self.lend and len(view) >= _LENDABLE:
                view = view[self.lend(self.fd_out, view):]
            while len(view):
                view = view[os.write(self.fd_out, view):]
        self.lent = parts  # the pipe may refer to their pages until the next question


_SHORT, _LENDABLE = 1 << 12, 1 << 16


def _lender(fd):
    """Writes to a pipe without copying into it, vmsplice of Linux, or None."""
    import ctypes

    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    try:
        vmsplice = ctypes.CDLL(None, use_errno=True).vmsplice
    except (AttributeError, OSError, TypeError):
        return None
    if not stat.S_ISFIFO(os.fstat(fd).st_mode):
        return None
    vmsplice.restype, vmsplice.argtypes = ctypes.c_ssize_t, [ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_uint]

    def lend(fd, view):
        """Returns how many bytes it could write: all, or what is to be written otherwise."""
        base, done = np.frombuffer(view, np.uint8).ctypes.data, 0
        while done < len(view):
            piece = Piece(base + done, len(view) - done)
            n = vmsplice(fd, ctypes.byref(piece), 1, 0)
            if n >= 0:
                done += n
            elif ctypes.get_errno() != errno.EINTR:
                break
        return done

    return lend
