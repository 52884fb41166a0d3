"""The least that any export costs, and any load."""

import os
from pathlib import Path

BLOCK_BYTES = 4 * 2**20


def write(recording, path, bytes):
    """Creates a file, writes `bytes` bytes of the recording in large blocks, and renames it."""
    data = memoryview(recording.flat).cast("B")
    partial = f"{path}.partial"
    file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    at = 0
    while bytes > 0:
        written = os.write(file, data[at : at + min(BLOCK_BYTES, bytes)])
        bytes -= written
        at = (at + written) % len(data)
    os.close(file)
    os.replace(partial, path)


def read(recording, path, input, **options):
    """Reads a file, or all files of a folder, in large blocks into the same memory."""
    block = bytearray(BLOCK_BYTES)
    input = Path(input)
    for each in input.iterdir() if input.is_dir() else [input]:
        file = os.open(each, os.O_RDONLY)
        while os.readv(file, [block]) > 0:
            pass
        os.close(file)
