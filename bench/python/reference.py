"""The reference: SpikeLab's own constructor and exporters."""

from recording import Recording
from spikelab.data_loaders.data_exporters import (
    export_spikedata_to_hdf5,
    export_spikedata_to_kilosort,
    export_spikedata_to_nwb,
    export_to_pickle,
)
from spikelab.data_loaders.data_loaders import load_spikedata_from_hdf5
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


def load(recording, path, input, **options):
    return load_spikedata_from_hdf5(input, **options)


def keep_load(recording, path, input, **options):
    """Writes what `load` makes to a file, for the check."""
    sd = load(recording, path, input, **options)
    sd.start_time = 0.0
    export_spikedata_to_hdf5(sd, path, spike_times_unit="ms")


def save_workspace(sd, path):
    """What our registry exports to a workspace."""
    workspace = AnalysisWorkspace()
    workspace.store("recording", "spikes", sd)
    workspace.save(path)


def exporting(function):
    """An exporter as a call on a recording."""
    return lambda recording, path, **options: function(recording.sd, path, **options)


CALLS = {
    "construct": construct,
    "keep": keep,
    "load": load,
    "keep-load": keep_load,
    "hdf5": exporting(export_spikedata_to_hdf5),
    "nwb": exporting(export_spikedata_to_nwb),
    "kilosort": exporting(export_spikedata_to_kilosort),
    "pickle": exporting(export_to_pickle),
    "workspace": exporting(save_workspace),
    "construct-hdf5": lambda recording, path, **options: export_spikedata_to_hdf5(
        construct(recording), path, **options
    ),
}
