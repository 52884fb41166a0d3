#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hdf5/extents.h"
#include "sources/source.h"

namespace spikeport::hdf5::direct {

/** Where everything of a file lies, one behind the other. */
class Layout {
 public:
  /** The bytes that have been given away: what is placed next begins here, or a little behind. */
  [[nodiscard]] std::uint64_t end() const { return end_; }
  /** All bytes of the file, by address. */
  [[nodiscard]] const std::vector<Extent>& extents() const { return extents_; }

  /** Gives metadata the next bytes of the file. @return their address: the end, when that is aligned */
  std::uint64_t place(std::shared_ptr<const Source> metadata);
  /** The same for the elements of a dataset. Many begin on a page. */
  std::uint64_t place_elements(std::shared_ptr<const Source> elements);
  /** The same for bytes that are zero. */
  void place_zeros(std::uint64_t count);
  /** Moves the end to where metadata can begin. */
  void align();

 private:
  std::uint64_t append(const Source& source);
  void pad(std::uint64_t alignment);

  std::uint64_t end_ = 0;
  std::vector<Extent> extents_;
  /** What the extents point at. */
  std::vector<std::shared_ptr<const Source>> sources_;
};

}  // namespace spikeport::hdf5::direct
