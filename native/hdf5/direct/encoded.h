#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sources/source.h"

namespace spikeport::hdf5::direct {

/** Metadata that has been made. */
class Encoded : public Source {
 public:
  explicit Encoded(std::vector<std::byte> bytes) : Source(ElementType::u8, {bytes.size()}), bytes_(std::move(bytes)) {}
  void fill(std::uint64_t first, std::span<std::byte> block) const override {
    std::ranges::copy(std::span(bytes_).subspan(first, block.size()), block.begin());
  }

  [[nodiscard]] std::span<std::byte> bytes() { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace spikeport::hdf5::direct
