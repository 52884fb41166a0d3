"""Loads pickles and compares them with the objects that SpikeLab's own constructors make.

A case: {name, object, protocol, file}.
"""

import pickle
import pickletools

import checks
from differences import differences
from pickle_objects import OBJECTS, use
from recordings import spike_data


def check(case, manifest, folder):
    with open(case["file"], "rb") as file:
        data = file.read()
    actual = pickle.loads(data)
    expected = expectation(case["object"], manifest)
    yield from differences(expected, actual, case["object"])
    yield from differences(use(expected), use(actual), "used")
    if (
        isinstance(getattr(actual, "metadata", None), dict)
        and "shared" in actual.metadata
    ):
        first, second = actual.metadata["shared"]
        if first is not second:
            yield "a list that appears twice is not one list"
    highest = max(opcode.proto for opcode, _, _ in pickletools.genops(data))
    if highest > case["protocol"]:
        yield f"an opcode of protocol {highest} in a pickle of protocol {case['protocol']}"


def expectation(name, manifest):
    if name in OBJECTS:
        return OBJECTS[name]()
    sd = spike_data(manifest["recordings"][name])
    # The constructor leaves a numpy float where it computes the length itself.
    sd.length = float(sd.length)
    return sd


if __name__ == "__main__":
    checks.run(check)
