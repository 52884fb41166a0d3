#pragma once

// Values of spikes in files, and how they are read: from the file of the times, or where another file has them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "kernels/decode.h"
#include "spikes/file_in_place.h"
#include "spikes/stored_times.h"

namespace spikeport {

/** A value of each spike in a file, numbered from 0 on. */
class StoredValues {
 public:
  explicit StoredValues(ElementType type) : type_(type) {}
  StoredValues(const StoredValues&) = delete;
  StoredValues& operator=(const StoredValues&) = delete;
  virtual ~StoredValues() = default;

  [[nodiscard]] ElementType type() const { return type_; }
  /** Reads values from number `first` on, all of which exist, to memory that is aligned for them. From any thread. */
  virtual void read(std::uint64_t first, std::span<std::byte> values) const = 0;
  /** Closes the file, when nothing reads any more: owners of this do not keep it open. */
  virtual void close() = 0;

 private:
  ElementType type_;
};

/** Values that follow times in their file, as they are in memory. */
class SpooledValues final : public StoredValues {
 public:
  /** @param offset the first byte in the file, which closing the times closes */
  SpooledValues(ElementType type, std::shared_ptr<const SpooledTimes> times, std::uint64_t offset)
      : StoredValues(type), times_(std::move(times)), offset_(offset) {}

  void read(std::uint64_t first, std::span<std::byte> values) const override;
  void close() override { times_.reset(); }

 private:
  std::shared_ptr<const SpooledTimes> times_;
  std::uint64_t offset_;
};

/** Where values lie together in a file, and as what. */
struct ValuesPlace {
  FileInPlace in;
  /** The first byte in the file. */
  std::uint64_t offset = 0;
  kernels::StoredElements stored;
};

/** Values that stay where another program has written them. */
class ValuesInPlace final : public StoredValues {
 public:
  explicit ValuesInPlace(ValuesPlace place) : StoredValues(place.stored.type), place_(std::move(place)) {}

  void read(std::uint64_t first, std::span<std::byte> values) const override;
  void close() override { place_.in.file.reset(); }

 private:
  ValuesPlace place_;
};

}  // namespace spikeport
