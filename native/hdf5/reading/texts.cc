#include "hdf5/reading/texts.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <numeric>
#include <string_view>
#include <utility>

#include "hdf5/reading/chunk_source.h"
#include "hdf5/reading/chunk_walk.h"

namespace spikeport::hdf5 {
namespace {

/** The texts that are read in a step, unless a row or a chunk has more. */
constexpr std::uint64_t texts_a_step = 4096;

/** The objects of heaps that are listed in a step, unless a collection has more: about a millisecond. */
constexpr std::uint64_t listed_a_step = std::uint64_t{1} << 15U;

}  // namespace

void append_texts(OpenFile& file, const std::string& object, std::span<const std::byte> elements,
                  const StoredType& type, std::vector<std::string>& texts) {
  if (type.has_variable_length) {
    HeapTexts heap_texts;
    heap_texts.begin(file, object, elements, type.size);
    while (!heap_texts.is_done()) heap_texts.read_some(file, object, texts);
    return;
  }
  file.look(object, [&](structure::Objects& objects) {
    for (std::size_t at = 0; at < elements.size(); at += type.size) {
      structure::Cursor element(elements.subspan(at, type.size), objects.widths());
      if (type.kind == StoredType::Kind::reference) {
        texts.push_back(file.path_of(element.number(std::min<std::size_t>(type.size, 8)), object));
      } else {
        texts.emplace_back(text_in(element.text(type.size), type.padding));
      }
    }
  });
}

void HeapTexts::begin(OpenFile& file, const std::string& object, std::span<const std::byte> elements,
                      std::size_t element_size) {
  references_.clear();
  file.look(object, [&](structure::Objects& objects) {
    for (std::size_t at = 0; at < elements.size(); at += element_size) {
      structure::Cursor element(elements.subspan(at, element_size), objects.widths());
      references_.push_back(structure::read_heap_reference(element));
    }
  });
  order_.resize(references_.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  const auto collection = [this](std::size_t i) { return references_[i].address; };
  if (!std::ranges::is_sorted(order_, {}, collection)) std::ranges::stable_sort(order_, {}, collection);
  found_.assign(references_.size(), {});
  next_ = 0;
}

void HeapTexts::read_some(OpenFile& file, const std::string& object, std::vector<std::string>& texts) {
  file.look(object, [&](structure::Objects& objects) {
    const std::uint64_t most_listed = objects.heap().listed() + listed_a_step;
    const std::size_t end = std::min<std::size_t>(next_ + texts_a_step, order_.size());
    while (next_ < end && objects.heap().listed() < most_listed) {
      const std::size_t i = order_[next_++];
      found_[i] = objects.heap().text(references_[i]);
      file.count_text(found_[i], object);
    }
  });
  if (!is_done()) return;
  texts.insert(texts.end(), std::make_move_iterator(found_.begin()), std::make_move_iterator(found_.end()));
  found_.clear();
}

TextReader::TextReader(OpenFile& file, const std::string& path) : file_(file) {
  OpenedDataset opened = file.open_dataset(path);
  dataset_ = describe_dataset(file, path, std::move(opened.handle), opened.checked);
  checked_ = std::move(opened.checked);
  require_readable(file, dataset_);
  const auto& type = dataset_.type;
  if (type.kind != StoredType::Kind::text && type.kind != StoredType::Kind::reference)
    file.refuse(path, "its elements are no texts");
  if (type.has_variable_length && dataset_.has_szip())
    file.refuse(path, "it is compressed with filter 4 (szip), which texts are not");
  const std::uint64_t least = dataset_.layout == StoredDataset::Layout::chunked ? dataset_.chunk[0] : 1;
  rows_a_step_ = std::max(least, texts_a_step / std::max<std::uint64_t>(1, dataset_.row()) / least * least);
}

/** Has all elements that of one that was never written. */
void TextReader::fill() {
  const std::size_t size = dataset_.type.size;
  std::ranges::fill(rows_, std::byte{0});
  if (checked_.fill.size() < size) return;
  for (std::size_t at = 0; at < rows_.size(); at += size) std::memcpy(rows_.data() + at, checked_.fill.data(), size);
}

void TextReader::read_chunks(std::uint64_t row_count) {
  fill();
  const std::size_t size = dataset_.type.size;
  for (ChunkWalk walk(dataset_.shape, dataset_.chunk, row_, row_ + row_count); !walk.is_done(); walk.next()) {
    chunk_.clear();
    const StoredChunk stored = take_chunk(file_, dataset_, walk.corner(), chunk_);
    if (!stored.is_there) continue;
    std::string problem;
    std::size_t decoded = size;
    for (const std::uint64_t length : stored.box) decoded *= length;
    const auto elements = decoder_.decode(std::span(chunk_).subspan(stored.first, stored.size), dataset_.filters,
                                          stored.mask, decoded, problem);
    if (!problem.empty()) file_.refuse(dataset_.path, problem);
    const Overlap overlap{.corner = walk.corner(),
                          .box = stored.box,
                          .shape = dataset_.shape,
                          .first_row = row_,
                          .end_row = row_ + row_count};
    visit_runs(overlap, [&](std::uint64_t from, std::uint64_t to, std::uint64_t count) {
      std::memcpy(rows_.data() + to * size, elements.data() + from * size, count * size);
    });
  }
}

void TextReader::read_rows(std::uint64_t row_count) {
  const std::uint64_t row_bytes = dataset_.row() * dataset_.type.size;
  rows_.resize(row_count * row_bytes);
  const std::uint64_t first = row_ * row_bytes;
  if (dataset_.offset) {
    if (file_.bytes().read(rows_, *dataset_.offset + first) != rows_.size())
      file_.refuse(dataset_.path, "the file has become shorter while it was read");
  } else if (dataset_.layout == StoredDataset::Layout::chunked) {
    read_chunks(row_count);
  } else if (dataset_.layout == StoredDataset::Layout::compact) {
    if (first > checked_.compact.size() || rows_.size() > checked_.compact.size() - first)
      file_.refuse(dataset_.path, "it is cut off");
    std::memcpy(rows_.data(), checked_.compact.data() + first, rows_.size());
  } else {
    fill();
  }
}

bool TextReader::read_some(std::vector<std::string>& texts) {
  if (!heap_texts_.is_done()) return read_heap(texts);
  if (dataset_.count() == 0 || row_ >= rows()) return false;
  const std::uint64_t row_count = std::min(rows_a_step_, rows() - row_);
  read_rows(row_count);
  row_ += row_count;
  if (dataset_.type.has_variable_length) {
    heap_texts_.begin(file_, dataset_.path, rows_, dataset_.type.size);
    return read_heap(texts);
  }
  append_texts(file_, dataset_.path, rows_, dataset_.type, texts);
  return row_ < rows();
}

bool TextReader::read_heap(std::vector<std::string>& texts) {
  heap_texts_.read_some(file_, dataset_.path, texts);
  return !heap_texts_.is_done() || row_ < rows();
}

}  // namespace spikeport::hdf5
