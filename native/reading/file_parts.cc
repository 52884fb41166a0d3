#include "reading/file_parts.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "engine/block.h"
#include "engine/errors.h"

namespace spikeport {
namespace {

/** The most bytes between two pieces that are read along: fewer than a call of the system costs. */
constexpr std::uint64_t most_between = 4096;

/**
 * The most windows that a thread reads one after the other, if there are enough for all. New memory comes in pages of
 * up to 2 MiB: of two threads that fill the halves of one at the same time both clear all of it, and one does so in
 * vain.
 */
constexpr std::size_t most_in_a_row = 4;
constexpr std::size_t turns = 8;

/** Whether a part is in the file as it is wanted in memory. */
bool is_as_wanted(const FilePart& part) {
  return part.stored == kernels::StoredElements{.type = part.to.type} &&
         part.to.scaling.kind == kernels::Scaling::Kind::none;
}

}  // namespace

void require_unchanged(const platform::InputFile& file, const platform::InputFile::State& opened) {
  if (file.state() != opened) throw FormatError(file.name(), "", "it was changed while it was read");
}

std::string unfit_problem(std::uint64_t element) { return "element " + std::to_string(element) + " is 2^63 or more"; }

FileParts::FileParts(const platform::InputFile& file, const platform::InputFile::State& opened,
                     std::vector<FilePart> parts, std::vector<std::string> objects)
    : file_(file), parts_(std::move(parts)), objects_(std::move(objects)) {
  for (const FilePart& part : parts_) check(part, opened.size);
  std::vector<std::uint32_t> order(parts_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [this](std::uint32_t part) { return parts_[part].offset; });
  for (const std::uint32_t part : order) add(part);
  in_a_row_ = std::clamp<std::size_t>(windows_.size() / turns, 1, most_in_a_row);
}

void FileParts::check(const FilePart& part, std::uint64_t size) const {
  const std::uint64_t room = part.offset > size ? 0 : (size - part.offset) / size_of(part.stored);
  if (part.count <= room) return;
  throw FormatError(file_.name(), objects_[part.object],
                    "it is cut off: the file has " + std::to_string(size) + " bytes, and its " +
                        std::to_string(part.count) + " elements begin at byte " + std::to_string(part.offset));
}

void FileParts::add(std::uint32_t number) {
  const FilePart& part = parts_[number];
  const std::size_t size = size_of(part.stored);
  const std::uint64_t most = block_size / size;
  for (std::uint64_t first = 0; first < part.count; first += most) {
    const auto count = static_cast<std::uint32_t>(std::min(most, part.count - first));
    add({.part = number, .count = count, .first = first}, part.offset + first * size, count * size);
  }
}

void FileParts::add(const Piece& piece, std::uint64_t offset, std::size_t bytes) {
  pieces_.push_back(piece);
  if (!windows_.empty()) {
    Window& last = windows_.back();
    const std::uint64_t end = std::max(last.offset + last.bytes, offset + bytes);
    // A part may begin before the end of another, and so before the last window.
    if (offset >= last.offset && offset <= last.offset + last.bytes + most_between && end - last.offset <= block_size) {
      last.bytes = static_cast<std::size_t>(end - last.offset);
      last.piece_count++;
      return;
    }
  }
  windows_.push_back({.offset = offset, .bytes = bytes, .first_piece = pieces_.size() - 1, .piece_count = 1});
}

bool FileParts::read_some(Job& job) {
  const std::size_t first = next_.fetch_add(in_a_row_);
  if (first >= windows_.size()) return false;
  const std::size_t end = std::min(first + in_a_row_, windows_.size());
  for (std::size_t number = first; number < end; number++) job.advance(read(windows_[number]));
  return end < windows_.size();
}

void FileParts::read(std::span<std::byte> bytes, const Window& window) const {
  if (file_.read(bytes, window.offset) == bytes.size()) return;
  throw FormatError(file_.name(), objects_[parts_[pieces_[window.first_piece].part].object],
                    "the file has become shorter while it was read");
}

std::uint64_t FileParts::read(const Window& window) const {
  const auto pieces = std::span(pieces_).subspan(window.first_piece, window.piece_count);
  const auto target = [this](const Piece& piece) {
    const FilePart& part = parts_[piece.part];
    return part.to.out + piece.first * size_of(part.to.type);
  };
  if (pieces.size() == 1 && is_as_wanted(parts_[pieces[0].part])) {
    read({target(pieces[0]), window.bytes}, window);
    parts_[pieces[0].part].to.filled(pieces[0].first, pieces[0].count);
    return window.bytes;
  }
  const auto block = thread_block().first(window.bytes);
  read(block, window);
  std::uint64_t done = 0;
  // Short parts that follow each other in the array, too, are looked at together.
  OrderLog* order = nullptr;
  std::span<const double> filled;
  for (const Piece& piece : pieces) {
    const FilePart& part = parts_[piece.part];
    const std::size_t size = size_of(part.stored);
    const auto in =
        block.subspan(static_cast<std::size_t>(part.offset + piece.first * size - window.offset), piece.count * size);
    const auto unfit = kernels::decode(in, part.stored, part.to.scaling, part.to.type, target(piece));
    if (unfit) throw FormatError(file_.name(), objects_[part.object], unfit_problem(piece.first + *unfit));
    done += piece.count * size_of(part.to.type);
    if (part.to.order == nullptr) continue;
    const auto times = part.to.times(piece.first, piece.count);
    if (order == part.to.order && filled.data() + filled.size() == times.data()) {
      filled = {filled.data(), filled.size() + times.size()};
      continue;
    }
    if (order != nullptr) order->look_at(filled);
    order = part.to.order;
    filled = times;
  }
  if (order != nullptr) order->look_at(filled);
  return done;
}

}  // namespace spikeport
