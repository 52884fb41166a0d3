#pragma once

// The source of a transposed array.

#include "sources/source.h"

namespace spikeport {

/** An array of rows × columns, transposed: columns × rows. The caller keeps the array alive. */
class Transposed : public Source {
 public:
  Transposed(ElementType type, std::uint64_t rows, std::uint64_t columns, const std::byte* data);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::uint64_t rows_;
  std::uint64_t columns_;
  const std::byte* data_;
};

}  // namespace spikeport
