#include "hdf5/format/layout.h"

#include <cstddef>
#include <utility>

#include "hdf5/alignment.h"
#include "hdf5/format/encoded.h"
#include "hdf5/format/encoder.h"

namespace spikeport::hdf5::format {

std::uint64_t Layout::place(std::shared_ptr<const Column> metadata) {
  align();
  columns_.push_back(std::move(metadata));
  return append(*columns_.back());
}

std::uint64_t Layout::place_elements(std::shared_ptr<const Column> elements) {
  pad(elements->byte_size() < aligned_from ? metadata_alignment : page);
  columns_.push_back(std::move(elements));
  return append(*columns_.back());
}

void Layout::place_zeros(std::uint64_t count) {
  if (count == 0) return;
  columns_.push_back(std::make_shared<Encoded>(std::vector<std::byte>(count)));
  append(*columns_.back());
}

void Layout::align() { pad(metadata_alignment); }

std::uint64_t Layout::append(const Column& column) {
  const std::uint64_t address = end_;
  if (column.size() > 0) extents_.push_back({&column, 0, column.size(), address});
  end_ += column.byte_size();
  return address;
}

/** Fills the file with zeros up to a multiple of this, so that it has no gap: what lies together is written at once. */
void Layout::pad(std::uint64_t alignment) { place_zeros((alignment - end_ % alignment) % alignment); }

}  // namespace spikeport::hdf5::format
