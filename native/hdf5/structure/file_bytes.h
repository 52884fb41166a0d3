// The bytes of the structures of an HDF5 file, by their addresses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hdf5/structure/cursor.h"
#include "platform/input_file.h"

namespace spikeport::hdf5::structure {

/**
 * Reads from a file through a few blocks that are kept, since structures lie close together. Used on one thread.
 *
 * What is not in the file is Damaged, before memory is taken for it.
 */
class FileBytes {
 public:
  /** @param file outlives this */
  FileBytes(const platform::InputFile& file, std::uint64_t size) : file_(file), size_(size) {}

  /** Sets where addresses begin, and how wide they are. */
  void begin(std::uint64_t base, Widths widths) {
    base_ = base;
    widths_ = widths;
  }

  [[nodiscard]] const Widths& widths() const { return widths_; }
  /** The bytes of the file from address 0 on. */
  [[nodiscard]] std::uint64_t size() const { return size_ - base_; }
  [[nodiscard]] std::uint64_t base() const { return base_; }
  [[nodiscard]] bool has(std::uint64_t address, std::uint64_t count) const {
    return address <= size() && count <= size() - address;
  }

  /** Bytes that stay until the next call of `view` or `read`. */
  std::span<const std::byte> view(std::uint64_t address, std::uint64_t count);
  Cursor cursor(std::uint64_t address, std::uint64_t count) { return {view(address, count), widths_}; }
  /** The same as a copy. */
  std::vector<std::byte> read(std::uint64_t address, std::uint64_t count);

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 14U;

  struct Block {
    std::uint64_t number = undefined;
    std::vector<std::byte> bytes;
  };

  const Block& block(std::uint64_t number);
  void read_past_blocks(std::uint64_t offset, std::span<std::byte> bytes) const;

  const platform::InputFile& file_;
  std::uint64_t size_;
  std::uint64_t base_ = 0;
  Widths widths_;
  std::array<Block, 16> blocks_;
  std::vector<std::byte> across_;
};

/** How many bytes of structures of one kind have been seen: as no two overlap, more than the file has are a circle. */
class Seen {
 public:
  /** @param problem of more */
  explicit Seen(const FileBytes& bytes, const char* problem = "its structures lead in a circle")
      : most_(bytes.size()), problem_(problem) {}
  void add(std::uint64_t count) {
    require(count <= most_, problem_);
    most_ -= count;
  }

 private:
  std::uint64_t most_;
  const char* problem_;
};

}  // namespace spikeport::hdf5::structure
