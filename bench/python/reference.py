"""The reference: SpikeLab's own constructor, exporters and loaders."""

import pickle

from recording import Recording
from spikelab.data_loaders.data_exporters import (
    export_spikedata_to_hdf5,
    export_spikedata_to_kilosort,
    export_spikedata_to_nwb,
    export_to_pickle,
)
from spikelab.data_loaders.data_loaders import (
    load_spikedata_from_hdf5,
    load_spikedata_from_kilosort,
    load_spikedata_from_nwb,
)
from spikelab.spikedata import SpikeData
from spikelab.workspace import AnalysisWorkspace


class SpikeLabRecording(Recording):
    """A recording with the SpikeData made of it."""

    sd = None

    def prepare(self):
        self.sd = self.sd or construct(self)


def construct(recording, path=None):
    return SpikeData(recording.train, length=recording.length)


def keep(recording, path):
    """Writes what `construct` makes to a file, for the check."""
    export_spikedata_to_hdf5(construct(recording), path, spike_times_unit="ms")


def load_nwb(input):
    return load_spikedata_from_nwb(input, prefer_pynwb=False)


def load_pickle(input):
    """What `load_spikedata_from_pickle` calls."""
    with open(input, "rb") as file:
        return pickle.load(file)


def loading(function):
    return lambda recording, path, input, **options: function(input, **options)


def keeping(function):
    """Writes what a loader makes to a file, for the check."""

    def keep(recording, path, input, **options):
        sd = function(input, **options)
        sd.start_time = 0.0
        export_spikedata_to_hdf5(sd, path, spike_times_unit="ms")

    return keep


def save_workspace(sd, path):
    """What our registry exports to a workspace."""
    workspace = AnalysisWorkspace()
    workspace.store("recording", "spikes", sd)
    workspace.save(path)


def exporting(function):
    """An exporter as a call on a recording."""
    return lambda recording, path, **options: function(recording.sd, path, **options)


LOADERS = {
    "hdf5": load_spikedata_from_hdf5,
    "nwb": load_nwb,
    "kilosort": load_spikedata_from_kilosort,
    "pickle": load_pickle,
}
CALLS = {
    **{f"load-{name}": loading(function) for name, function in LOADERS.items()},
    **{f"keep-load-{name}": keeping(function) for name, function in LOADERS.items()},
    "construct": construct,
    "keep": keep,
    "hdf5": exporting(export_spikedata_to_hdf5),
    "nwb": exporting(export_spikedata_to_nwb),
    "kilosort": exporting(export_spikedata_to_kilosort),
    "pickle": exporting(export_to_pickle),
    "workspace": exporting(save_workspace),
    "construct-hdf5": lambda recording, path, **options: export_spikedata_to_hdf5(
        construct(recording), path, **options
    ),
}
