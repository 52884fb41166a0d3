#pragma once

// A file that another program has written, from which spikes are read where they are.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "kernels/decode.h"
#include "platform/input_file.h"

namespace spikeport {

/**
 * The file is open, so that what is in it is there even after it was renamed, replaced or removed. To change it is an
 * error: nothing is read of a file that is not as long and as old as when it was opened.
 */
struct FileInPlace {
  std::shared_ptr<const platform::InputFile> file;
  /** What the file was like when it was opened. */
  platform::InputFile::State opened;
  /** The object of the file that is read, for errors. */
  std::string object;

  /** Throws where it was closed. Before reading. */
  void require_open() const;
  /** Throws where it was changed. After reading: what was written before bytes were read has changed the file's time by
   * then. */
  void require_unchanged() const;
  /** Reads elements that lie together, from a byte on, and converts them. From any thread. */
  void read(std::uint64_t offset, const kernels::StoredElements& stored, const kernels::Scaling& scaling,
            ElementType type, std::span<std::byte> elements) const;

 private:
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;
  [[noreturn]] void refuse_changed() const;
};

}  // namespace spikeport
