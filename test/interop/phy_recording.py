"""The expected content of a Phy folder, computed independently in numpy."""

import math

import numpy as np

PITCH_UM = 20
PHY_GROUPS = {"good", "mua", "noise", "unsorted"}

# Attributes that are in files of another name, or in none.
NO_TABLES = {"group", "quality", "KSLabel", "location", "position", "ch"}


class PhyRecording:
    """A recording of SpikeLab's as the readers of Phy folders are to find it."""

    def __init__(self, sd, fs_Hz, cluster_ids):
        self.fs_Hz = fs_Hz
        self.unit_count = sd.N
        self.ids = list(range(sd.N)) if cluster_ids is None else cluster_ids
        self.trains = [
            np.rint(np.sort(times) * (fs_Hz / 1000)).astype(int) for times in sd.train
        ]
        flat = np.concatenate([np.zeros(0, int), *self.trains])
        units = np.repeat(np.arange(sd.N), [len(train) for train in self.trains])
        order = np.argsort(flat, kind="stable")
        self.samples = flat[order]
        self.clusters = units[order]
        self.units_with_spikes = [u for u, train in enumerate(self.trains) if len(train)]

        attributes = sd.neuron_attributes or [{}] * sd.N
        groups = [
            a.get("group") or a.get("quality") or a.get("KSLabel") or "unsorted"
            for a in attributes
        ]
        self.groups = [g.lower() if g.lower() in PHY_GROUPS else g for g in groups]
        labels = [a.get("KSLabel", "") for a in attributes]
        self.labels = labels if any(labels) else None
        self.electrodes = sd.electrodes
        # The electrode of each unit's channel, of each channel, and the channel of each unit.
        self.channels = np.arange(sd.N) if sd.electrodes is None else sd.electrodes
        self.channel_map, self.unit_channels = np.unique(
            self.channels, return_inverse=True
        )
        self.positions = self._positions(sd.neuron_attributes, sd.N)
        self.tables = self._tables(attributes)

    def _positions(self, attributes, unit_count):
        """Of each channel the place of its first unit that has one, if all have, and distinct ones; otherwise a line."""
        places = np.full((len(self.channel_map), 2), np.nan)
        for unit in reversed(range(unit_count)):
            place = place_of(attributes[unit]) if attributes else None
            if place is not None and len(place) >= 2:
                places[self.unit_channels[unit]] = place[:2]
        if np.isfinite(places).all() and len(np.unique(places, axis=0)) == len(places):
            return places
        rows = np.arange(len(self.channel_map))
        return np.stack([0 * rows, PITCH_UM * rows], axis=1)

    def _tables(self, attributes):
        """The numbers and texts of units by attribute, those of electrodes that the electrode table has not."""
        electrodes = [None] * len(attributes) if self.electrodes is None else self.electrodes
        in_electrode_table = [
            {n for n in ("electrode", "channel") if electrode is not None and a.get(n) == electrode}
            for a, electrode in zip(attributes, electrodes)
        ]
        names = {n for a, t in zip(attributes, in_electrode_table) for n in set(a) - NO_TABLES - t}
        return {
            name: {u: a[name] for u, a in enumerate(attributes) if is_held(a.get(name))}
            for name in names
        }


def is_held(value):
    return value not in (None, "") and not (isinstance(value, float) and math.isnan(value))


def place_of(attributes):
    """As SpikeLab finds it."""
    if attributes.get("location") is not None:
        return attributes["location"]
    if attributes.get("x") is not None and attributes.get("y") is not None:
        return [attributes["x"], attributes["y"]]
    return attributes.get("position")
