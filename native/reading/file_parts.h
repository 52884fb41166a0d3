// Reads parts of a file into arrays, on several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/job.h"
#include "kernels/decode.h"
#include "platform/input_file.h"
#include "reading/order_log.h"

namespace spikeport {

/** Where elements that were read go, and as what. The array is the caller's, who keeps it alive. */
struct Destination {
  ElementType type = ElementType::f64;
  kernels::Scaling scaling;
  std::byte* out = nullptr;
  /** Of float64: what is told of the elements that are there. It outlives the job. */
  OrderLog* order = nullptr;

  /** Elements of the array, of float64. */
  [[nodiscard]] std::span<const double> times(std::uint64_t first, std::uint64_t count) const {
    return {reinterpret_cast<const double*>(out) + first, count};
  }
  /** Call it for elements that are there. */
  void filled(std::uint64_t first, std::uint64_t count) const {
    if (order != nullptr) order->look_at(times(first, count));
  }
};

/** Elements that lie together in a file. */
struct FilePart {
  /** The first byte in the file. */
  std::uint64_t offset = 0;
  kernels::StoredElements stored;
  std::uint64_t count = 0;
  Destination to;
  /** Which object of the file it belongs to, by its number. */
  std::uint32_t object = 0;
};

/** Throws a FormatError unless a file that is read is as it was when it was opened. */
void require_unchanged(const platform::InputFile& file, const platform::InputFile::State& opened);

/** What is wrong with an element that no int64 can be. */
std::string unfit_problem(std::uint64_t element);

/**
 * Reads parts of a file block by block: parts that lie near each other in one go, long parts in several.
 *
 * Every function may be called from any thread, `read_some` from several at a time.
 */
class FileParts {
 public:
  /**
   * @param file outlives this
   * @param objects the names of the objects that the parts belong to, for errors
   * Throws a FormatError for a part that is not all in the file.
   */
  FileParts(const platform::InputFile& file, const platform::InputFile::State& opened, std::vector<FilePart> parts,
            std::vector<std::string> objects);

  /** Reads the next blocks; returns whether there are more. */
  bool read_some(Job& job);

 private:
  /** Elements of one part that are read together. */
  struct Piece {
    std::uint32_t part;
    std::uint32_t count;
    std::uint64_t first;
  };

  /** Pieces that are read in one go. */
  struct Window {
    std::uint64_t offset;
    std::size_t bytes;
    std::size_t first_piece;
    std::size_t piece_count;
  };

  void check(const FilePart& part, std::uint64_t size) const;
  void add(std::uint32_t part);
  void add(const Piece& piece, std::uint64_t offset, std::size_t bytes);
  void read(std::span<std::byte> bytes, const Window& window) const;
  /** Returns how many bytes of the callers' arrays it has filled. */
  [[nodiscard]] std::uint64_t read(const Window& window) const;

  const platform::InputFile& file_;
  std::vector<FilePart> parts_;
  std::vector<std::string> objects_;
  std::vector<Piece> pieces_;
  std::vector<Window> windows_;
  std::size_t in_a_row_ = 1;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace spikeport
