#pragma once

// Writes a folder's spikes in order of time.

#include <cstddef>
#include <cstdint>
#include <memory>
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
  void add_file(const OrderedColumn& column, std::uint64_t offset, const platform::File& file);

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

  struct Column {
    OrderedColumn column;
    std::uint64_t offset;
    const platform::File* file;
  };
  /** One thread's memory for a block's values of a column. */
  struct ColumnMemory {
    /** For each unit where its values begin, and the number within it of the first. */
    std::vector<std::size_t> begins;
    std::vector<std::uint64_t> firsts;
    /** Unit by unit, as they are stored. */
    std::vector<std::byte> stored;
    /** The same as the file has them, where that is another type. */
    std::vector<std::byte> converted;
    /** In order of time. */
    std::vector<std::byte> ordered;
  };

  /** Writes the values of a block's spikes; returns how many bytes they have. */
  static std::uint64_t write(const Values& values, const TimeOrder::Block& block);
  std::uint64_t write(const Column& column, const TimeOrder::Block& block, ColumnMemory& memory) const;
  /** Reads a column's values of a block's spikes, unit by unit: each unit has consecutive ones in a block. */
  void gather(std::size_t column, const TimeOrder::Block& block, ColumnMemory& memory) const;

  std::shared_ptr<const SpikeTrains> trains_;
  std::uint64_t spike_count_;
  TimeOrder order_;
  std::vector<Part> parts_;
  std::vector<Values> values_;
  std::vector<Column> columns_;
  /** One per participant. */
  std::vector<TimeOrder::Memory> memories_;
  std::vector<ColumnMemory> column_memories_;
};

}  // namespace spikeport::plain_files
