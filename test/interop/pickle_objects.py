"""The objects of pickle-objects.ts, made by SpikeLab's own constructors."""

import numpy as np
from spikelab.spikedata import RateData, SpikeData
from spikelab.spikedata.pairwise import PairwiseCompMatrix, PairwiseCompMatrixStack
from spikelab.spikedata.rateslicestack import RateSliceStack
from spikelab.spikedata.spikeslicestack import SpikeSliceStack


def metadata() -> dict:
    shared = ["one", "list"]
    loop = [1]
    loop.append(loop)
    return {
        "subject": "mouse 7, µ, 脳, 🧠",
        "a line\nbreak, a \\ and a \0": "\u2028 \r\n \x1a \\u0041",
        "half a pair": "\ud83e",
        "long text": "é" * 70_000,
        "count": 3,
        "small and large": [
            0,
            255,
            256,
            65_535,
            65_536,
            2**31 - 1,
            2**31,
            -1,
            -(2**31),
            -(2**31) - 1,
            2**53 - 1,
        ],
        "very large": [2**70, -(2**63), 2**63 - 1, 10**700, 0],
        "ratio": 0.1,
        "two": 2.0,
        "not ints": [-0.0, 2.0**53, 1e300, 5e-324, float("inf"), float("nan")],
        "yes": True,
        "no": False,
        "nothing": None,
        "tuples": [(), (1,), (1, 2.0, "c"), (1, 2, 3, [4])],
        "nested": {"": {}, "list": [[], [[None]]]},
        "map": {1: "one", 2.5: None, (1, "a"): {}},
        "set": {1, "b", (2,)},
        "empty set": set(),
        "shared": [shared, shared],
        "loop": loop,
        "arrays": {
            "int8": np.array([-1, 1], np.int8),
            "uint8": np.array([0, 255], np.uint8),
            "uint16": np.array([65_535], np.uint16),
            "int32": np.array([-1], np.int32),
            "uint32": np.array([2**32 - 1], np.uint32),
            "int64": np.array([-(2**63), 1], np.int64),
            "uint64": np.array([2**64 - 1], np.uint64),
            "float32": np.array([0.1, np.nan], np.float32),
            "float64": np.array([0.1, -0.0, np.inf]),
            "matrix": np.array([[1, 2, 3], [4, 5, 6]], np.int16),
            "scalar": np.array(7.0),
            "empty": np.zeros((0, 4), np.float32),
        },
    }


def attributes() -> list:
    first, second = np.array([1, 2, 3], np.float32), np.array([4, 5, 6], np.float32)
    return [
        {"electrode": 3, "x": 1.5, "y": 2.0, "label": "good", "waveform": first},
        {"electrode": 1, "x": 0.5, "y": -0.5, "label": None, "waveform": second},
    ]


def sevenths(*shape) -> np.ndarray:
    return (np.arange(np.prod(shape)) / 7).reshape(shape)


def every_byte(length) -> np.ndarray:
    i = np.arange(length)
    return (i * 7 + (i >> 8)).astype(np.uint8)


def spike_slice(*times) -> SpikeData:
    return SpikeData([np.array(times, float), np.array([], float)], length=50.0)


OBJECTS = {
    "SpikeData": lambda: SpikeData(
        [[1.0, 2.5, 40.0], [7.0]],
        length=100.0,
        neuron_attributes=attributes(),
        metadata=metadata(),
        raw_data=np.array([[1, -2, 3], [-4, 5, -6]], np.int16),
        raw_time=np.array([0, 0.5, 1]),
    ),
    "SpikeData, large": lambda: SpikeData(
        [[], sevenths(300_000), [], np.arange(100_000) / 4, np.arange(3) / 4],
        length=50_000.0,
        metadata={"bytes": [every_byte(40_001), every_byte(1_000_003)]},
    ),
    "RateData": lambda: RateData(
        sevenths(2, 5), np.array([-2.0, -1, 0, 1, 2]), attributes(), "Hz"
    ),
    "RateData, bare": lambda: RateData(sevenths(3, 2), np.array([0.0, 10])),
    "PairwiseCompMatrix": lambda: PairwiseCompMatrix(
        sevenths(3, 3), ["a", 2, None], metadata()
    ),
    "PairwiseCompMatrix, bare": lambda: PairwiseCompMatrix(
        np.array([[1, 2], [3, 4]], np.float32)
    ),
    "PairwiseCompMatrixStack": lambda: PairwiseCompMatrixStack(
        sevenths(2, 2, 3),
        ["a", "b"],
        [(0.0, 10.0), (10.0, 20.0), (20.5, 30.0)],
        {"method": "STTC", "delt": 20.0},
    ),
    "PairwiseCompMatrixStack, bare": lambda: PairwiseCompMatrixStack(sevenths(2, 2, 1)),
    "RateSliceStack": lambda: RateSliceStack(
        event_matrix=sevenths(2, 4, 3),
        times_start_to_end=[(0.0, 8.0), (10.0, 18.0), (20.5, 28.5)],
        step_size=2.0,
        neuron_attributes=attributes(),
    ),
    "RateSliceStack, bare": lambda: RateSliceStack(event_matrix=sevenths(2, 4, 2)),
    "SpikeSliceStack": lambda: SpikeSliceStack(
        spike_stack=[spike_slice(1, 2, 49.5), spike_slice(), spike_slice(0, 50)],
        times_start_to_end=[(0.0, 50.0), (100.0, 150.0), (200.5, 250.5)],
        neuron_attributes=attributes(),
    ),
    "SpikeSliceStack, bare": lambda: SpikeSliceStack(
        spike_stack=[spike_slice(1), spike_slice(2)]
    ),
}


def use(thing) -> list:
    """What some of its methods return: an object made without `__init__` must work like any other."""
    if isinstance(thing, SpikeData):
        middle = thing.start_time + thing.length / 2
        units = list(range(0, thing.N, 2))
        half = (
            [thing.subtime(None, middle), thing.raster(thing.length / 5)]
            if thing.length
            else []
        )
        return [
            thing.subset(units),
            *half,
            repr(thing),
            *thing.idces_times(),
            thing.electrodes,
            thing.unit_locations,
        ]
    if isinstance(thing, RateData):
        return [
            thing.subset([0]),
            thing.subtime(thing.times[0], thing.times[-1]),
            repr(thing),
        ]
    if isinstance(thing, PairwiseCompMatrix):
        return [thing.threshold(0.4), thing.extract_lower_triangle(), repr(thing)]
    if isinstance(thing, PairwiseCompMatrixStack):
        return [thing[0], thing.subslice([0]), thing.mean(), len(thing), repr(thing)]
    if isinstance(thing, RateSliceStack):
        return [
            thing.subset([1]),
            thing.subslice([1]),
            thing.convert_to_list_of_RateData(),
            len(thing),
            repr(thing),
        ]
    return [
        thing.subset([1]),
        thing.subslice([1]),
        thing.to_raster_array(5.0),
        len(thing),
        repr(thing),
    ]
