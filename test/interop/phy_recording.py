"""What a Phy folder has to hold, said once more in numpy."""

import numpy as np

PITCH_UM = 20


class PhyRecording:
    """A recording of SpikeLab's as the readers of Phy folders are to find it."""

    def __init__(self, sd, fs_Hz, cluster_ids, templates):
        self.fs_Hz = fs_Hz
        self.templates = templates
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
        self.groups = [
            a.get("group") or a.get("quality") or a.get("KSLabel") or "unsorted"
            for a in attributes
        ]
        labels = [a.get("KSLabel", "") for a in attributes]
        self.labels = labels if any(labels) else None
        self.electrodes = sd.electrodes
        self.channels = np.arange(sd.N) if sd.electrodes is None else sd.electrodes
        self.positions = self._positions(sd.unit_locations)

    def _positions(self, locations):
        """Those of the units where they are distinct, otherwise a line."""
        if locations is not None and locations.ndim == 2 and locations.shape[1] >= 2:
            places = locations[:, :2]
            if len(np.unique(places, axis=0)) == self.unit_count:
                return places
        rows = np.arange(self.unit_count)
        return np.stack([0 * rows, PITCH_UM * rows], axis=1)
