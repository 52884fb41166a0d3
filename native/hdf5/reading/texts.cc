#include "hdf5/reading/texts.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "hdf5/reading/chunk_source.h"
#include "hdf5/reading/chunk_walk.h"

namespace spikeport::hdf5 {
namespace {

/** The texts that are read in a step, unless a row or a chunk has more. */
constexpr std::uint64_t texts_a_step = 4096;

}  // namespace

void append_texts(OpenFile& file, const std::string& object, std::span<const std::byte> elements,
                  const StoredType& type, std::vector<std::string>& texts) {
  file.look(object, [&](structure::Objects& objects) {
    for (std::size_t at = 0; at < elements.size(); at += type.size) {
      structure::Cursor element(elements.subspan(at, type.size), objects.widths());
      if (type.kind == StoredType::Kind::reference) {
        texts.push_back(file.path_of(element.number(std::min<std::size_t>(type.size, 8)), object));
      } else if (type.has_variable_length) {
        texts.push_back(objects.text(element));
        file.count_text(texts.back(), object);
      } else {
        texts.emplace_back(text_in(element.text(type.size), type.padding));
      }
    }
  });
}

TextReader::TextReader(OpenFile& file, const std::string& path) : file_(file) {
  OpenedDataset opened = file.open_dataset(path);
  dataset_ = describe_dataset(file, path, std::move(opened.handle));
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
  const std::uint64_t rows = dataset_.shape.empty() ? 1 : dataset_.shape[0];
  if (dataset_.count() == 0 || row_ >= rows) return false;
  const std::uint64_t row_count = std::min(rows_a_step_, rows - row_);
  read_rows(row_count);
  append_texts(file_, dataset_.path, rows_, dataset_.type, texts);
  row_ += row_count;
  return row_ < rows;
}

}  // namespace spikeport::hdf5
