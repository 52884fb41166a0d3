#pragma once

// Writes a folder's spikes in order of time.

#include <cstdint>
#include <vector>

#include "engine/job.h"
#include "kernels/element_type.h"
#include "plain_files/plan.h"
#include "platform/file.h"
#include "spikes/time_order.h"

namespace spikeport::plain_files {

constexpr ElementType type_of(OrderedPart part) {
  return part == OrderedPart::samples ? ElementType::i64 : ElementType::i32;
}

/** Writes spikes in order of time, each block to several files, from several threads at once. */
class OrderedWriter {
 public:
  /** Throws ValueError for a sample below 0. */
  OrderedWriter(const OrderedSpikes& spikes, unsigned participants);

  /** Adds an open file, which gets this part from a byte offset on. */
  void add_file(OrderedPart part, std::uint64_t offset, const platform::File& file);
  /** The same for values. */
  void add_file(const OrderedValues& values, std::uint64_t offset, const platform::File& file);

  /** Writes a block to each of the files; returns whether there was one. */
  bool write_some(Job& job, unsigned participant);

 private:
  struct Part {
    OrderedPart part;
    std::uint64_t offset;
    const platform::File* file;
  };
  struct Values {
    const OrderedValues* values;
    std::uint64_t offset;
    const platform::File* file;
  };

  /** Writes the values of a block's spikes; returns how many bytes they have. */
  static std::uint64_t write(const Values& values, const TimeOrder::Block& block);

  std::uint64_t spike_count_;
  TimeOrder order_;
  std::vector<Part> parts_;
  std::vector<Values> values_;
  /** One per participant. */
  std::vector<TimeOrder::Memory> memories_;
};

}  // namespace spikeport::plain_files
