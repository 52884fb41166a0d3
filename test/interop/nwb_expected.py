"""What an NWB file has to hold, from the recording that the tests made in Node."""

import numpy as np
from arrays import array

ELECTRODE_NAMES = ("electrode", "channel", "ch")
AXES = ("x", "y", "z")


class Expected:
    def __init__(self, recording: dict):
        trains = [np.sort(array(train)) for train in recording["trains"]]
        self.unit_count = recording.get("N") or len(trains)
        empty = [np.zeros(0)] * (self.unit_count - len(trains))
        self.trains_ms = [*trains, *empty]
        self.start_ms = recording.get("startTime", 0)
        last = max((train[-1] for train in trains if len(train)), default=self.start_ms)
        self.length_ms = recording.get("length", last - self.start_ms)
        units = recording.get("neuronAttributes") or []
        self.electrodes = all_or_none([electrode(unit) for unit in units])
        self.locations = all_or_none([location(unit) for unit in units])

    @property
    def trains_s(self):
        return [train / 1000 for train in self.trains_ms]

    @property
    def window_s(self):
        return [self.start_ms / 1000, (self.start_ms + self.length_ms) / 1000]

    def has_channel_map(self):
        """Whether row k of the electrode table is channel k."""
        return self.electrodes is not None and all(
            0 <= int(e) <= 65_535 for e in self.electrodes
        )

    def electrode_ids(self):
        """Fractions are cut off, as SpikeLab does it."""
        return [int(electrode) for electrode in self.electrodes]

    def location_of(self, unit):
        """Where the first unit of the same electrode is."""
        ids = self.electrode_ids()
        return self.locations[ids.index(ids[unit])]


def electrode(unit: dict):
    return next((unit[n] for n in ELECTRODE_NAMES if unit.get(n) is not None), None)


def location(unit: dict):
    if unit.get("location") is not None:
        return unit["location"]
    if unit.get("x") is not None and unit.get("y") is not None:
        return [unit[axis] for axis in AXES if unit.get(axis) is not None]
    return unit.get("position")


def all_or_none(values):
    return values if values and all(value is not None for value in values) else None
