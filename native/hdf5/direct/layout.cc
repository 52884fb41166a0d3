#include "hdf5/direct/layout.h"

#include <cstddef>
#include <utility>

#include "hdf5/direct/encoded.h"
#include "hdf5/direct/encoder.h"
#include "hdf5/model/alignment.h"

namespace spikeport::hdf5::direct {

std::uint64_t Layout::place(std::shared_ptr<const Source> metadata) {
  align();
  sources_.push_back(std::move(metadata));
  return append(*sources_.back());
}

std::uint64_t Layout::place_elements(std::shared_ptr<const Source> elements) {
  pad(elements->byte_size() < aligned_from ? metadata_alignment : page);
  sources_.push_back(std::move(elements));
  return append(*sources_.back());
}

void Layout::place_zeros(std::uint64_t count) {
  if (count == 0) return;
  sources_.push_back(std::make_shared<Encoded>(std::vector<std::byte>(count)));
  append(*sources_.back());
}

void Layout::align() { pad(metadata_alignment); }

std::uint64_t Layout::append(const Source& source) {
  const std::uint64_t address = end_;
  if (source.size() > 0) extents_.push_back({&source, 0, source.size(), address});
  end_ += source.byte_size();
  return address;
}

/** Fills the file with zeros up to a multiple of this, so that it has no gap: what lies together is written at once. */
void Layout::pad(std::uint64_t alignment) { place_zeros((alignment - end_ % alignment) % alignment); }

}  // namespace spikeport::hdf5::direct
