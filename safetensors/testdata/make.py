#!/usr/bin/env python3
"""Writes python.safetensors beside this file, with nothing but struct and json.

The file is for the test that this package reads what others write, so it does
what this package's writer does not: dtypes mixed and unordered, a scalar, an
empty tensor, spaces in the JSON, an escaped name, padding to 64 bytes.
"""
import json
import pathlib
import struct

weights = [1.5, -0.0, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf")]
tensors = {
    "half/w": ("F32", [3, 1], struct.pack("<3f", 0.5, -0.25, 3.0)),
    "theta \u03b8\n": ("F64", [2, 3], struct.pack("<6d", *weights)),
    "empty": ("F64", [0, 7], b""),
    "t": ("F64", [], struct.pack("<d", 0.1)),
}
header, data = {"__metadata__": {"step": "400", "note": "a <b> & \"c\""}}, b""
for name, (dtype, shape, raw) in tensors.items():
    header[name] = {
        "data_offsets": [len(data), len(data) + len(raw)],
        "shape": shape,
        "dtype": dtype,
    }
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 64)
path = pathlib.Path(__file__).with_name("python.safetensors")
path.write_bytes(struct.pack("<Q", len(text)) + text + data)
