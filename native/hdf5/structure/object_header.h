// Reads the header of an object: its messages, from all parts of the header (IV.A.1 of the format's specification).
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

#include "hdf5/structure/file_bytes.h"
#include "hdf5/structure/messages.h"

namespace spikeport::hdf5::structure {

struct Message {
  MessageType type;
  /** What it holds is in another header. */
  bool is_shared;
  std::span<const std::byte> bytes;
};

struct ObjectHeader {
  /** In the order of the file, without empty ones and continuations. */
  std::vector<Message> messages;
  /** The bytes that they are in. */
  std::list<std::vector<std::byte>> parts;
};

/** Throws Damaged where there is no header, or one that breaks the rules. */
ObjectHeader read_header(FileBytes& bytes, std::uint64_t address);

}  // namespace spikeport::hdf5::structure
