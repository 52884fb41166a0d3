"""Writes pickles with Python, SpikeLab and numpy, of every protocol, and prints what there is: [{name, file}].

    write_pickles.py FOLDER
"""

import collections
import datetime
import json
import pathlib
import pickle
import sys
import types

import numpy as np
from pickle_objects import OBJECTS, sevenths
from spikelab.spikedata import SpikeData
from spikelab.spikedata.pairwise import PairwiseCompMatrix

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def numpy_values() -> dict:
    grid = np.arange(24, dtype="<i4").reshape(2, 3, 4)
    texts = np.array([["a", "µ"], ["🧠", ""]])
    dates = np.array(["2024-05-01T12:00:00.25", "NaT", "1969-12-31"], "M8[ms]")
    values = {
        "big-endian": grid.astype(">f8"),
        "big-endian integers": np.array([1, -2], ">i8"),
        "Fortran order": np.asfortranarray(grid),
        "transposed": grid.transpose(1, 0, 2),
        "a part": grid[:, ::2, 1:],
        "no elements": np.zeros((3, 0, 2)),
        "booleans": np.array([[True, False]]),
        "halves": np.array([1.5, 6e-8, np.inf, -0.0], np.float16),
        "complex": np.array([[1 + 2j, 3.5 - 4j]], np.complex64),
        "complex, Fortran order": np.asfortranarray(
            np.arange(6).reshape(2, 3) * (1 + 2j)
        ),
        "texts": texts,
        "texts, Fortran order": np.asfortranarray(texts),
        "texts, big-endian": texts.astype(">U2"),
        "bytes": np.array([b"a", b"\xc2\xb5"]),
        "objects": np.array(
            [[{"a": 1.0}, None], [[1, 2], "b"], [(1,), 2.5]], dtype=object
        ),
        "objects, Fortran order": np.asfortranarray(
            np.array([[1, "b", None], ["d", 5, 6.0]], dtype=object)
        ),
        "an object": np.array({"a": [1]}, dtype=object),
        "a text": np.array("one"),
        "read-only": np.frombuffer(b"\x01\x02\x03", np.uint8),
        "long text": np.array(["x" * 300_000]),
        "long": np.arange(100_000) / 3,
        "long, big-endian": (np.arange(100_000) / 3).astype(">f4"),
        "a type": np.dtype(">f4"),
    }
    for unit in ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "25s"):
        values[f"dates in {unit}"] = dates.astype(f"M8[{unit}]")
    values["scalars"] = [
        np.float64(2.0),
        np.float64(0.1),
        np.float32(0.1),
        np.float16(-0.0),
        np.int64(2**63 - 1),
        np.int64(-5),
        np.uint8(200),
        np.bool_(True),
        np.str_("µ"),
        np.bytes_(b"b"),
        np.complex128(1 - 2.5j),
        np.datetime64("2024-05-01"),
        np.float64("nan"),
    ]
    values[np.str_("a key of numpy")] = 1
    return values


def python_values() -> dict:
    hour = datetime.timedelta(hours=1)
    moment = datetime.datetime(2024, 5, 1, 12, 30, 0, 250)
    return {
        "bytes": [b"", b"a\xff\n", bytes(range(256)) * 2000],
        "bytearrays": [bytearray(), bytearray(b"\x80\\"), bytearray(300_000)],
        "complex": [complex(1, -2.5), complex("nan")],
        "sets": [{1, 2}, set(), frozenset({"a"}), frozenset()],
        "ordered": collections.OrderedDict([("b", 1), ("a", {"c": 2})]),
        "moments": [
            moment,
            moment.replace(tzinfo=datetime.timezone.utc, microsecond=0),
            moment.replace(tzinfo=datetime.timezone(-hour, "name"), fold=1),
            moment.date(),
            moment.time(),
            hour * 1.5,
            datetime.timedelta(-1, 5, 7),
            datetime.timezone(5.5 * hour),
        ],
        "paths": [
            pathlib.PurePosixPath("/data/a b/c.h5"),
            pathlib.PosixPath("relative"),
            pathlib.PurePosixPath(),
            pathlib.PureWindowsPath("C:\\data\\x"),
        ],
        "many": list(range(5000)),
        "many keys": {f"key {i}": i / 2 for i in range(5000)},
        "deep": nested(3000),
        "digits": [10**4299, -(10**4000), 2**2048, -(2**2047)],
        "slashes": ["\\", "\\u0041", "\\\\u0041", "\\U0001f9e0", "\\x"],
        "__proto__": {"__proto__": 1, "constructor": 2},
        "tuple in itself": tuple_in_itself(),
    }


def nested(depth) -> list:
    value = []
    for _ in range(depth):
        value = [value]
    return value


def tuple_in_itself() -> tuple:
    inner = []
    value = (inner, 1)
    inner.append(value)
    return value


def sorted_recording() -> SpikeData:
    """What SpikeLab's sorter writes."""
    trains, attributes = [], []
    for unit in range(3):
        samples = np.sort(np.random.default_rng(unit).integers(0, 200_000, 50 * unit))
        trains.append(samples / 20_000 * 1000.0)
        attributes.append(
            {
                "unit_id": unit * 7,
                "channel": unit,
                "channel_id": np.str_(f"ch{unit}"),
                "x": np.float64(17.5 * unit),
                "y": 35.0 * unit,
                "electrode": np.int64(1000 + unit),
                "template": np.linspace(-50, 10, 61),
                "template_full": np.ones((61, 4), np.float32) * unit,
                "template_peak_ind": 20,
                "amplitude": np.float32(45.5),
                "amplitudes": np.arange(50 * unit, dtype=float),
                "peak_inds": np.array([1, 2, 3]),
                "std_norms_all": np.array([0.25, 0.5]),
                "has_pos_peak": np.bool_(False),
                "snr": 7.25,
                "std_norm": np.float64(0.125),
                "spike_train_samples": samples,
                "epoch_templates": [np.zeros(5), np.ones(5)],
                "_waveforms_path": "/data/waveforms.npy",
                "_waveforms_window": (20, 41),
            }
        )
    metadata = {
        "fs_Hz": 20_000.0,
        "channel_locations": np.array([[0.0, 17.5], [17.5, 0.0]]),
        "n_samples": 200_000,
        "rec_chunks_ms": [(0.0, 5000.0), (5000.0, 10_000.0)],
    }
    return SpikeData(
        trains, length=10_000.0, neuron_attributes=attributes, metadata=metadata
    )


def variants() -> dict:
    """Objects whose attributes are of other types than those of the constructors."""
    integers = SpikeData(
        [np.array([1, 2, 3]), np.array([], int)], length=np.float64(10)
    )
    integers.train = [train.astype(int) for train in integers.train]
    lists = SpikeData([[1.0, 2.0]], length=10)
    lists.train = [[1.0, 2]]
    labelled = PairwiseCompMatrix(sevenths(3, 3))
    labelled.labels = np.array([4, 5, 6])
    centred = SpikeData([[-5.0, 5.0]], start_time=-10.0, length=20.0)
    return {
        "integer times": integers,
        "times in a list": lists,
        "labels in an array": labelled,
        "a start before 0": centred,
        "raw data": SpikeData(
            [[1.0]],
            length=10,
            raw_data=np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
            raw_time=np.array([0.0, 1.0, 2.0], np.float32),
        ),
        "without units": SpikeData([], length=5.0),
        "many short trains": SpikeData(
            [np.arange(unit % 5) * 1.5 for unit in range(500)], length=10
        ),
    }


def old_recording() -> object:
    """As before SpikeLab's module was renamed, and before it knew where recordings start."""
    package, module = (
        types.ModuleType("spikedata"),
        types.ModuleType("spikedata.spikedata"),
    )
    package.spikedata = module
    sys.modules.update({"spikedata": package, "spikedata.spikedata": module})
    module.SpikeData = type(
        "SpikeData", (SpikeData,), {"__module__": "spikedata.spikedata"}
    )
    sd = SpikeData([[1.0, 2.5], []], length=10.0, metadata={"a": 1})
    del sd.start_time
    sd.__class__ = module.SpikeData
    return sd


def objects() -> dict:
    made = {
        **{name: make() for name, make in OBJECTS.items()},
        **variants(),
        "sorted": sorted_recording(),
        "old": old_recording(),
    }
    for name, values in {"numpy": numpy_values(), "python": python_values()}.items():
        made[f"values of {name}"] = SpikeData([[1.0]], length=10.0, metadata=values)
    return made


def write(folder) -> list:
    cases = []
    for number, (name, value) in enumerate(objects().items()):
        for protocol in PROTOCOLS:
            file = f"{folder}/{number}.{protocol}.pkl"
            with open(file, "wb") as output:
                dump(value, output, protocol)
            cases.append({"name": f"{name}, protocol {protocol}", "file": file})
    return cases


def dump(value, output, protocol) -> None:
    """The pickler of Python, unlike that of C, is slow, but has no limit of its own to the depth of values."""
    sys.setrecursionlimit(100_000)
    try:
        pickle.dump(value, output, protocol=protocol)
    except RecursionError:
        output.seek(0)
        output.truncate()
        pickle._dump(value, output, protocol=protocol)


if __name__ == "__main__":
    print(json.dumps(write(sys.argv[1])))
