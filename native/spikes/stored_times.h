#pragma once

// Spike times in files, and how they are read: from a file of their own, or where another file has them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "kernels/decode.h"
#include "platform/file.h"
#include "spikes/file_in_place.h"

namespace spikeport {

/** Spike times in a file, numbered from 0 on. */
class StoredTimes {
 public:
  StoredTimes() = default;
  StoredTimes(const StoredTimes&) = delete;
  StoredTimes& operator=(const StoredTimes&) = delete;
  virtual ~StoredTimes() = default;

  /** Reads times in ms from number `first` on, all of which exist. From any thread, several at once. */
  virtual void read(std::uint64_t first, std::span<double> times) const = 0;
  /** Closes the file, when nothing reads any more: owners of this do not keep it open. */
  virtual void close() = 0;
};

/** Times in a file of their own, float64 in ms, which is filled before others read it. */
class SpooledTimes final : public StoredTimes {
 public:
  explicit SpooledTimes(platform::File file) : file_(std::move(file)) {}

  void read(std::uint64_t first, std::span<double> times) const override;
  void close() override { file_ = platform::File(); }

  /** The file, to be filled. */
  [[nodiscard]] const platform::File& file() const { return file_; }

 private:
  platform::File file_;
};

/** Times that lie together in a file. */
struct TimesRun {
  /** The number of the first one among all times. */
  std::uint64_t first = 0;
  /** Its first byte in the file. */
  std::uint64_t offset = 0;
  kernels::StoredElements stored;
};

/** Where times lie in a file, and as what. */
struct TimesPlace {
  FileInPlace in;
  /** By their numbers, the first being 0: each has the times up to the next one. */
  std::vector<TimesRun> runs;
  /** What makes ms of a number. */
  kernels::Scaling scaling;
};

/** Times that stay where another program has written them, and are converted each time that they are read. */
class TimesInPlace final : public StoredTimes {
 public:
  explicit TimesInPlace(TimesPlace place) : place_(std::move(place)) {}

  void read(std::uint64_t first, std::span<double> times) const override;
  void close() override { place_.in.file.reset(); }

 private:
  TimesPlace place_;
};

}  // namespace spikeport
