// A file of an export that gets the chunks of streams before its plan is made.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "platform/input_file.h"
#include "replacement/partial_file.h"

namespace spikeport::hdf5 {

/**
 * The partial file of an export whose streams are written first. Their chunks lie one after another from where the
 * superblock of the file ends; the plan is laid out past them. Threads may write to it at the same time.
 */
class BegunFile {
 public:
  /** Where the first chunk lies: past the superblock. */
  static constexpr std::uint64_t first_address = 96;

  explicit BegunFile(std::string target) : target_(std::move(target)) {}

  [[nodiscard]] const std::string& target() const { return target_; }

  /** Claims the partial file, unless that was done. On a working thread, as all below. */
  void open();

  /** Reserves the next bytes. @return where they begin */
  std::uint64_t take_room(std::uint64_t size) { return end_.fetch_add(size); }
  void write(std::span<const std::byte> bytes, std::uint64_t address);
  /** Where the bytes end that were reserved so far. */
  [[nodiscard]] std::uint64_t end() const { return end_; }

  /** Hands over the partial file, which is claimed if it is not yet. */
  PartialFile take();

  /** Reads what was written, from a file that has not been taken. Throws a FormatError where it is not there any more.
   */
  void read(std::span<std::byte> bytes, std::uint64_t address);

  /** Removes the partial file, unless it was taken. */
  void discard();

 private:
  /** The partial file, which stays while it is used. */
  std::shared_ptr<PartialFile> partial();

  std::string target_;
  std::atomic<std::uint64_t> end_ = first_address;
  std::mutex mutex_;
  // Guarded by it, until they are there.
  std::shared_ptr<PartialFile> partial_;
  std::shared_ptr<const platform::InputFile> input_;
};

}  // namespace spikeport::hdf5
