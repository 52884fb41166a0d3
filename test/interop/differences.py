"""What differs between two values, to the type and the bit."""

import math
import struct

import numpy as np


def differences(expected, actual, path="value", pairs=None):
    """Yields one sentence for each difference. Follows containers, also cyclic ones, and SpikeLab's objects.

    Plain dicts must have their keys in one order; the attributes of an object may be in any.
    """
    pairs = set() if pairs is None else pairs
    if (id(expected), id(actual)) in pairs:
        return
    pairs.add((id(expected), id(actual)))

    if type(expected) is not type(actual):
        yield f"{path}: expected {type(expected).__name__}, found {type(actual).__name__} {actual!r:.80}"
    elif isinstance(expected, np.ndarray):
        yield from array_differences(expected, actual, path)
    elif isinstance(expected, (float, np.floating)):
        if bits(expected) != bits(actual):
            yield f"{path}: expected {expected!r}, found {actual!r}"
    elif isinstance(expected, dict):
        if list(expected) != list(actual):
            yield f"{path}: expected keys {list(expected)}, found {list(actual)}"
        for key in expected.keys() & actual.keys():
            yield from differences(
                expected[key], actual[key], f"{path}[{key!r}]", pairs
            )
        for key, found in zip(expected, actual):
            if type(key) is not type(found):
                yield f"{path}: expected the key {key!r} as {type(key).__name__}, found {type(found).__name__}"
    elif isinstance(expected, (list, tuple)):
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} items, found {len(actual)}"
        for i, (e, a) in enumerate(zip(expected, actual)):
            yield from differences(e, a, f"{path}[{i}]", pairs)
    elif hasattr(expected, "__dict__"):
        left, right = vars(expected), vars(actual)
        if left.keys() != right.keys():
            yield f"{path}: expected attributes {sorted(left)}, found {sorted(right)}"
        for name in left.keys() & right.keys():
            yield from differences(left[name], right[name], f"{path}.{name}", pairs)
    elif expected != actual:
        yield f"{path}: expected {expected!r:.80}, found {actual!r:.80}"


def array_differences(expected, actual, path):
    if expected.dtype != actual.dtype:
        yield f"{path}: expected dtype {expected.dtype}, found {actual.dtype}"
    elif expected.shape != actual.shape:
        yield f"{path}: expected shape {expected.shape}, found {actual.shape}"
    elif expected.tobytes() != actual.tobytes():
        width = expected.dtype.itemsize
        left, right = (
            np.frombuffer(a.tobytes(), f"V{width}") for a in (expected, actual)
        )
        at = int(np.flatnonzero(left != right)[0])
        yield f"{path}: element {at} of {expected.size} is {actual.flat[at]!r}, not {expected.flat[at]!r}"
    elif layout(expected) != layout(actual):
        yield f"{path}: expected an array of {layout(expected)}, found {layout(actual)}"


def layout(array) -> dict:
    return {
        "writeable": array.flags.writeable,
        "c_contiguous": array.flags.c_contiguous,
    }


def bits(number) -> bytes:
    """The bits of a float, so that -0.0 is not 0.0; every NaN is one."""
    return b"nan" if math.isnan(number) else struct.pack("<d", number)
