#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bytes/plan.h"
#include "columns/time_order.h"
#include "element_type.h"
#include "job.h"

namespace spikeport::bytes {

constexpr ElementType type_of(OrderedPart part) {
  return part == OrderedPart::samples ? ElementType::i64 : ElementType::i32;
}

/** Writes what several files hold of the same spikes, a block at a time, by as many threads as like to take part. */
class OrderedWriter {
 public:
  /** Throws ValueError for a sample below 0. */
  OrderedWriter(const OrderedSpikes& spikes, unsigned participants);

  /** Adds an open file that has this part from an offset on. */
  void add_file(OrderedPart part, std::uint64_t offset, int fd, std::string path);

  /** Writes a block to each of the files; returns whether there was one. */
  bool write_some(Job& job, unsigned participant);

 private:
  struct File {
    OrderedPart part;
    std::uint64_t offset;
    int fd;
    std::string path;
  };

  std::uint64_t spike_count_;
  TimeOrder order_;
  std::vector<File> files_;
  /** One a participant. */
  std::vector<TimeOrder::Memory> memories_;
};

}  // namespace spikeport::bytes
