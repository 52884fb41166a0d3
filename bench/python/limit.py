"""The least that any export costs."""

import os

WRITE_BYTES = 4 * 2**20


def write(recording, path, bytes):
    """Creates a file, writes `bytes` bytes of the recording in large blocks, and renames it."""
    data = memoryview(recording.flat).cast("B")
    partial = f"{path}.partial"
    file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    at = 0
    while bytes > 0:
        written = os.write(file, data[at : at + min(WRITE_BYTES, bytes)])
        bytes -= written
        at = (at + written) % len(data)
    os.close(file)
    os.replace(partial, path)
