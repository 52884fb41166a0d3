"""pynwb: a Units table made as its documentation shows, one `add_unit` a unit."""

import warnings
from datetime import UTC, datetime
from importlib.metadata import version

from peer import Peer
from pynwb import NWBHDF5IO, NWBFile
from recording import Recording

START = datetime(2024, 1, 1, tzinfo=UTC)


def nwb(recording, path):
    file = NWBFile(
        session_description="benchmark",
        identifier="benchmark",
        session_start_time=START,
    )
    for unit, times in enumerate(recording.train):
        file.add_unit(id=unit, spike_times=times / 1e3)
    with NWBHDF5IO(path, "w") as io:
        io.write(file)


def versions():
    return {name: version(name) for name in ("pynwb", "hdmf", "h5py")}


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message=".* does not end in '.nwb'")
    Peer({"nwb": nwb}, Recording).serve(versions=versions)
