#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "columns/column.h"
#include "sinks/extents.h"

namespace spikeport::hdf5::format {

/** Where everything of a file lies, one behind the other. */
class Layout {
 public:
  /** The bytes that have been given away: what is placed next begins here, or a little behind. */
  [[nodiscard]] std::uint64_t end() const { return end_; }
  /** All bytes of the file, by address. */
  [[nodiscard]] const std::vector<Extent>& extents() const { return extents_; }

  /** Gives metadata the next bytes of the file. @return their address: the end, when that is aligned */
  std::uint64_t place(std::shared_ptr<const Column> metadata);
  /** The same for the elements of a dataset. Many begin on a page. */
  std::uint64_t place_elements(std::shared_ptr<const Column> elements);
  /** The same for bytes that are zero. */
  void place_zeros(std::uint64_t count);
  /** Moves the end to where metadata can begin. */
  void align();

 private:
  std::uint64_t append(const Column& column);
  void pad(std::uint64_t alignment);

  std::uint64_t end_ = 0;
  std::vector<Extent> extents_;
  /** What the extents point at. */
  std::vector<std::shared_ptr<const Column>> columns_;
};

}  // namespace spikeport::hdf5::format
