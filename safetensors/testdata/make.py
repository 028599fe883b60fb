#!/usr/bin/env python3
"""Writes python.safetensors and types.safetensors beside this file, with nothing but
struct and json.

The first is for the test that this package reads what others write, so it does
what this package's writer does not: dtypes mixed and unordered, a scalar, an
empty tensor, spaces in the JSON, an escaped name, padding to 64 bytes. The second has
a tensor of each type that is read one by one, and one of a type that is not.
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


def write(name, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for key, (dtype, shape, raw) in tensors.items():
        header[key] = {
            "data_offsets": [len(data), len(data) + len(raw)],
            "shape": shape,
            "dtype": dtype,
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 64)
    path = pathlib.Path(__file__).with_name(name)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


write("python.safetensors", tensors, {"step": "400", "note": "a <b> & \"c\""})

halves = [1.0, -1 / 3, 65504.0, 2**-24, 6.1e-5, float("inf"), float("-inf"), -0.0]
upper = b"".join(struct.pack("<f", x)[2:] for x in [1.0, -3.140625, 2.0**-100])
write(
    "types.safetensors",
    {
        "F64": ("F64", [2], struct.pack("<2d", 1.5, -1e-300)),
        "F32": ("F32", [2, 1], struct.pack("<2f", 0.5, -0.25)),
        "F16": ("F16", [8], struct.pack("<8e", *halves)),
        "BF16": ("BF16", [3], upper),
        "I64": ("I64", [], struct.pack("<q", -1234567890123)),
        "U64": ("U64", [1], struct.pack("<Q", 2**63)),
        "I32": ("I32", [2], struct.pack("<2i", -7, 8)),
        "U32": ("U32", [1], struct.pack("<I", 2**31)),
        "I16": ("I16", [1], struct.pack("<h", -300)),
        "U16": ("U16", [1], struct.pack("<H", 60000)),
        "I8": ("I8", [2], struct.pack("<2b", -100, 100)),
        "U8": ("U8", [1], struct.pack("<B", 200)),
        "BOOL": ("BOOL", [2], b"\x01\x00"),
        "F8_E4M3": ("F8_E4M3", [3], b"\x01\x02\x03"),
    },
    {},
)
