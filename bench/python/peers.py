"""All peers that need numpy and h5py: the reference, the same by hand, and the limit."""

import sys
from importlib.metadata import version

import by_hand.compressed
import by_hand.group
import by_hand.load
import by_hand.paired
import by_hand.ragged
import by_hand.raster
import h5py
import limit
import reference
from peer import Peer

CALLS = {
    **reference.CALLS,
    "hand-ragged": by_hand.ragged.concatenated,
    "hand-ragged-filled": by_hand.ragged.filled,
    "hand-nwb": by_hand.ragged.nwb,
    "hand-paired": by_hand.paired.paired,
    "hand-kilosort": by_hand.paired.kilosort,
    "hand-kilosort-sorted": by_hand.paired.kilosort_sorted,
    "hand-group": by_hand.group.group,
    "hand-raster": by_hand.raster.sparse,
    "hand-raster-contiguous": by_hand.raster.contiguous,
    "gzip": by_hand.compressed.ragged,
    "gzip-raw": by_hand.compressed.raw,
    "write": limit.write,
    "read": limit.read,
    **by_hand.load.CALLS,
}


def versions():
    packages = {name: version(name) for name in ("spikelab", "numpy", "h5py")}
    python = ".".join(map(str, sys.version_info[:3]))
    return {"python": python, "hdf5": h5py.version.hdf5_version, **packages}


if __name__ == "__main__":
    Peer(CALLS, reference.SpikeLabRecording).serve(versions=versions)
