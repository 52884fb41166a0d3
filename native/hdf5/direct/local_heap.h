#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace spikeport::hdf5::direct {

constexpr std::size_t local_heap_header_size = 32;

/** Where the first name of a heap is: the empty one, below all others, lies before it. */
constexpr std::uint64_t first_name_offset = 8;

/** Writes the first part of "Disk Format: Level 1D - Local Heaps". */
void encode_local_heap_header(std::uint64_t data_size, std::uint64_t data_address, std::span<std::byte> out);

/** The other part, a heap's data segment, as names are put into it. */
class NameHeap {
 public:
  /** @return the name's offset */
  std::uint64_t add(std::string_view name);
  [[nodiscard]] std::vector<std::byte> take() { return std::move(data_); }

 private:
  std::vector<std::byte> data_ = std::vector<std::byte>(first_name_offset);
};

}  // namespace spikeport::hdf5::direct
