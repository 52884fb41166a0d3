"""The recordings that the tests made in Node, as the arguments of SpikeLab's SpikeData."""

from arrays import array
from spikelab.spikedata import SpikeData

POSITIONS = ("x", "y", "z", "location", "position")


def spike_data(recording: dict) -> SpikeData:
    """The recording as SpikeLab's own constructor makes it."""
    raw_data, raw_time = recording.get("rawData"), recording.get("rawTime")
    return SpikeData(
        [array(train) for train in recording["trains"]],
        N=recording.get("N"),
        length=optional_float(recording.get("length")),
        start_time=float(recording.get("startTime", 0)),
        neuron_attributes=attributes(recording.get("neuronAttributes")),
        raw_data=None if raw_data is None else array(raw_data),
        raw_time=array(raw_time) if isinstance(raw_time, dict) else raw_time,
    )


def attributes(units):
    """Positions in lists become floats, whole ones too: JavaScript has no other numbers, and spikeport writes all as float64."""
    if units is None:
        return None
    return [
        {k: floats(v) if k in POSITIONS else v for k, v in unit.items()}
        for unit in units
    ]


def floats(value):
    if isinstance(value, dict):
        return array(value)
    return [float(v) for v in value] if isinstance(value, list) else float(value)


def optional_float(value):
    return None if value is None else float(value)
