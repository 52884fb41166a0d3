#include "hdf5/direct/metadata.h"

namespace spikeport::hdf5::direct {

GeneratedRecords::GeneratedRecords(std::uint64_t record_size, std::uint64_t count)
    : Source(ElementType::u8, {record_size * count}), record_size_(record_size) {}

void GeneratedRecords::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::ranges::fill(block, std::byte{0});
  std::vector<std::byte> whole;
  while (!block.empty()) {
    const std::uint64_t number = first / record_size_;
    const auto skipped = static_cast<std::size_t>(first % record_size_);
    const auto part = block.first(std::min(block.size(), static_cast<std::size_t>(record_size_) - skipped));
    if (part.size() == record_size_) {
      encode(number, part);
    } else {
      // The block begins or ends within this record.
      whole.assign(static_cast<std::size_t>(record_size_), std::byte{0});
      encode(number, whole);
      std::ranges::copy(std::span(whole).subspan(skipped, part.size()), part.begin());
    }
    first += part.size();
    block = block.subspan(part.size());
  }
}

}  // namespace spikeport::hdf5::direct
