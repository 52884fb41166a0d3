"""The workspaces of workspace-items.ts, made by SpikeLab's own constructors."""

import numpy as np
from pickle_objects import sevenths
from spikelab.spikedata import RateData, SpikeData
from spikelab.spikedata.pairwise import PairwiseCompMatrix, PairwiseCompMatrixStack
from spikelab.spikedata.rateslicestack import RateSliceStack
from spikelab.spikedata.spikeslicestack import SpikeSliceStack

INF = float("inf")
NAN = float("nan")
WINDOWS = [(0.0, 50.0), (100.0, 150.0), (200.5, 250.5)]


def metadata() -> dict:
    return {
        "subject": 'mouse 7, µ, 脳, 🧠, "quoted" \\ \x7f\u2028\n\t\0\x1f',
        "a key with / and 脳": 1,
        "half a pair": "\ud83e",
        "long text": "é\U0001f9e0" * 30_000,
        "integers": [0, -1, 2**53 - 1, 2**70, -(2**63)],
        "floats": [
            0.1,
            2.0,
            -0.0,
            2.0**53,
            1e16,
            1e15 + 0.5,
            1e22,
            1.5e300,
            5e-324,
            1e-4,
            1.5e-5,
            123456789.125,
            INF,
            -INF,
            NAN,
        ],
        "flags": [True, False, None],
        "nested": {"": {}, "list": [[], [[None]]], "map": {"deep": {"er": [1]}}},
        "arrays": {
            "int8": np.array([-1, 1], np.int8),
            "uint8": np.array([0, 255], np.uint8),
            "clamped": np.array([7], np.uint8),
            "uint16": np.array([65_535], np.uint16),
            "int32": np.array([-1], np.int32),
            "uint32": np.array([2**32 - 1], np.uint32),
            "int64": np.array([-(2**63), 1], np.int64),
            "uint64": np.array([2**64 - 1], np.uint64),
            "float32": np.array([0.1, np.nan], np.float32),
            "float64": np.array([0.1, -0.0, np.inf, 1e17]),
            "matrix": np.array([[1, 2, 3], [4, 5, 6]], np.int16),
            "scalar": np.array(7.0),
            "empty": np.zeros((0, 4), np.float32),
            "empty too": np.zeros((2, 0), np.int32),
        },
    }


def attributes() -> list:
    """In the order of names; lists come back as arrays, and what is missing does not come back."""
    return [
        {
            "big": 2**60,
            "depth": 1.5,
            "electrode": 3,
            "flags": np.array([True, False]),
            "isolated": True,
            "label": "good 脳",
            "listed": np.array([1, 2]),
            "mixed": 1.0,
            "nan_row": np.array([NAN, NAN]),
            "nothing": np.array([]),
            "spatial": np.array([[1, 2], [3, 4]], np.int16),
            "waveform": np.array([1, 2, NAN], np.float32),
            "whole_but_float": 2.0,
            "widened": np.array([1], np.int16),
            "µ with . and space": 1,
        },
        {
            "isolated": False,
            "listed": np.array([3, 4]),
            "mixed": 2.5,
            "nan_row": np.array([1.0, 2.0]),
            "nothing": np.array([]),
            "whole_but_float": 3.0,
            "widened": np.array([200], np.int16),
        },
    ]


def everything() -> SpikeData:
    return SpikeData(
        [[1.0, 2.5, 40.0], [7.0]],
        length=100.0,
        start_time=-5.5,
        neuron_attributes=attributes(),
        metadata=metadata(),
        raw_data=np.array([[1, -2, 3], [-4, 5, -6]], np.int16),
        raw_time=np.array([0, 0.5, 1], np.float32),
    )


def recording(train, length, **given) -> SpikeData:
    return SpikeData([np.array(t, float) for t in train], length=length, **given)


def spike_slice(*times) -> SpikeData:
    return recording([times, []], 50.0, metadata={"slice": len(times)})


def stack(slices, times, neuron_attributes=None) -> SpikeSliceStack:
    """As SpikeLab's constructor, also for slices of several durations."""
    made = SpikeSliceStack.__new__(SpikeSliceStack)
    made.spike_stack, made.times, made.N = slices, times, slices[0].N
    made.neuron_attributes = neuron_attributes
    return made


def slices() -> SpikeSliceStack:
    three = [spike_slice(1, 2, 49.5), spike_slice(), spike_slice(0, 50)]
    return SpikeSliceStack(
        spike_stack=three,
        times_start_to_end=WINDOWS,
        neuron_attributes=[{"electrode": 1}, {"electrode": 2}],
    )


def correlations() -> PairwiseCompMatrix:
    matrix = np.array([[1, 0.1], [0.1, 1]], np.float32).astype(float)
    return PairwiseCompMatrix(matrix, ["a", ""], {"lag": 20.0})


def recordings() -> dict:
    return {
        "day1": {
            "everything": everything(),
            "no units": recording([], 10.0),
            "one unit": recording([[5]], 10.0, neuron_attributes=[{"id": 7}]),
            "empty trains": recording([[], [], []], 0.0),
            "sampling rate": recording(
                [[1]], 2.0, raw_data=sevenths(1, 4), raw_time=20.0
            ),
            "no channels": recording(
                [[1]], 2.0, raw_data=np.zeros((0, 3)), raw_time=20.0
            ),
            "nothing known": recording([[1], [2]], 5.0),
        },
        "day 2": {"key": everything()},
    }


def rates_and_matrices() -> dict:
    both = [{"electrode": 1}, {"electrode": 2}]
    bins = np.arange(24, dtype=float).reshape(2, 4, 3) / 8
    windows = [(0.0, 8.0), (10.0, 18.0), (20.5, 28.5)]
    return {
        "rates": {
            "rates": RateData(sevenths(2, 5), np.array([-2.0, -1, 0, 1, 2]), both),
            "whole times": RateData(sevenths(3, 2), np.array([0.0, 10])),
            "slices": RateSliceStack(
                event_matrix=bins,
                times_start_to_end=windows,
                step_size=2.0,
                neuron_attributes=[{"electrode": 1}, {}],
            ),
            "bare slices": RateSliceStack(
                event_matrix=sevenths(2, 4, 2),
                times_start_to_end=[(0.0, 4.0), (4.0, 8.0)],
                step_size=1.0,
            ),
        },
        "pairs": {
            "texts": correlations(),
            "integers": PairwiseCompMatrix(np.array([[1.0, 2], [3, 4]]), [7, 8]),
            "floats": PairwiseCompMatrix(sevenths(2, 2), [1.0, 2.5]),
            "booleans": PairwiseCompMatrix(sevenths(2, 2), [True, False]),
            "bare": PairwiseCompMatrix(np.zeros((0, 0))),
            "stack": PairwiseCompMatrixStack(
                sevenths(2, 2, 3), ["a", "b"], WINDOWS, {"method": "STTC"}
            ),
            "bare stack": PairwiseCompMatrixStack(sevenths(2, 2, 1)),
            "empty stack": PairwiseCompMatrixStack(np.zeros((2, 2, 0)), times=[]),
        },
        "spikes": {
            "slices": slices(),
            "bare slices": stack(
                [spike_slice(1), spike_slice(2)], [(0.0, 50.0), (50.0, 100.0)]
            ),
            "slices of two durations": stack(
                [recording([[1]], 5.0), recording([[1]], 7.5)],
                [(0.0, 5.0), (5.0, 12.5)],
            ),
        },
    }


def arrays() -> dict:
    return {
        "numbers": {
            "int8": np.array([-1], np.int8),
            "uint8": np.array([1, 2], np.uint8),
            "uint64": np.array([2**64 - 1], np.uint64),
            "float32": np.array([0.1], np.float32),
            "cube": np.arange(24, dtype=np.int16).reshape(2, 3, 4),
            "scalar": np.array(7.0),
            "empty": np.zeros(0, np.float32),
            "empty matrix": np.zeros((0, 3), np.int32),
            "shared": np.zeros(2),
        },
        "lists": {
            "integers": np.asarray([1, 2, 3]),
            "unsigned": np.array([1, 2**63], np.uint64),
            "floats": np.asarray([1, 2.5]),
            "marked": np.asarray([1.0, 2]),
            "texts": np.asarray(["a", "", "µ🧠"]),
            "matrix of texts": np.asarray([["a", "bc"], ["", "d"]]),
            "booleans": np.asarray([True, False]),
            "matrix": np.asarray([[1, 2], [3, 4]]),
            "pairs": np.asarray([(1, 2), (3, 4)]),
            "empty": np.asarray([]),
            "empty rows": np.asarray([[], []]),
        },
    }


def dicts() -> dict:
    return {
        "dicts": {
            "empty": {},
            "map": {"b": 1, "a": 2},
            "everything": {
                "int": 1,
                "negative": -1,
                "largest safe": 2**53 - 1,
                "int64": -(2**63),
                "uint64": 2**64 - 1,
                "float": 0.1,
                "marked float": 2.0,
                "negative zero": -0.0,
                "not safe": 2.0**53,
                "nan": NAN,
                "infinity": -INF,
                "yes": True,
                "no": False,
                "nothing": None,
                "text": "µ, 脳, 🧠",
                "empty text": "",
                "long text": "é🧠" * 30_000,
                "__type__": "a key like an attribute",
                "tuple": (1, 2),
                "tuple of texts": ("a", "b"),
                "tuple of lists": ([1, 2], [3, 4]),
                "empty tuple": (),
                "set": {10, 9, -1},
                "set of floats": {2.5, 1.0},
                "set of texts": {"b", "\U0001f9e0", "\uffee", "a"},
                "set of booleans": {True, False},
                "set of equals": {1, 2},
                "empty set": set(),
                "list": np.asarray([1, 2]),
                "list of texts": np.asarray(["x", "yz"]),
                "array": np.array([[1, 2], [3, 4]], np.float32),
                "deep": {"er": {"and": {"er": {"x": 1}}}},
                "recording": everything(),
                "stack": slices(),
                "correlations": correlations(),
            },
        }
    }


def many_items() -> dict:
    many = {f"item {i}": {"i": i} if i % 2 else np.array([float(i)]) for i in range(300)}
    hundred = [spike_slice(i / 50) for i in range(100)]
    times = [(50.0 * i, 50.0 * (i + 1)) for i in range(100)]
    return {"many": many, "slices": {"stack": stack(hundred, times)}}


WORKSPACES = {
    "empty": dict,
    "empty namespaces": lambda: {"a namespace with . and 脳": {}, "b": {}},
    "recordings": recordings,
    "rates and matrices": rates_and_matrices,
    "arrays": arrays,
    "dicts": dicts,
    "many items": many_items,
}
