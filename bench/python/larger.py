"""Peers that convert what is larger than memory. Prints how many seconds that took.

    python larger.py hdmf|neuroconv INPUT OUTPUT CHANNELS
"""

import sys
import time
from datetime import UTC, datetime

START = datetime(2026, 3, 1, tzinfo=UTC)
FS_HZ = 30000.0


def hdmf(source, target, channels):
    """Raw data by hdmf's iterator over chunks, as pynwb's documentation shows, compressed as neuroconv does."""
    import numpy
    from hdmf.backends.hdf5 import H5DataIO
    from hdmf.data_utils import GenericDataChunkIterator
    from pynwb import NWBHDF5IO, NWBFile
    from pynwb.ecephys import ElectricalSeries

    class Samples(GenericDataChunkIterator):
        def __init__(self, data):
            self.data = data
            super().__init__()

        def _get_data(self, selection):
            return self.data[selection]

        def _get_maxshape(self):
            return self.data.shape

        def _get_dtype(self):
            return self.data.dtype

    data = numpy.memmap(source, "<i2", "r").reshape(-1, channels)
    file = NWBFile("benchmark", "benchmark", START)
    device = file.create_device("probe")
    group = file.create_electrode_group("group", "group", "unknown", device)
    for _ in range(channels):
        file.add_electrode(location="unknown", group=group)
    region = file.create_electrode_table_region(list(range(channels)), "all")
    samples = H5DataIO(Samples(data), compression="gzip", compression_opts=4)
    file.add_acquisition(
        ElectricalSeries("raw", samples, region, rate=FS_HZ, conversion=2.34e-6)
    )
    with NWBHDF5IO(target, "w") as io:
        io.write(file)


def neuroconv(source, target, _channels):
    """A Phy folder by SpikeInterface, written by neuroconv."""
    from neuroconv.tools.spikeinterface import add_sorting_to_nwbfile
    from pynwb import NWBHDF5IO, NWBFile
    from spikeinterface.extractors import read_phy

    file = NWBFile("benchmark", "benchmark", START)
    add_sorting_to_nwbfile(read_phy(source), nwbfile=file)
    with NWBHDF5IO(target, "w") as io:
        io.write(file)


if __name__ == "__main__":
    peer, source, target, channels = sys.argv[1:]
    start = time.perf_counter()
    {"hdmf": hdmf, "neuroconv": neuroconv}[peer](source, target, int(channels))
    print(time.perf_counter() - start)
