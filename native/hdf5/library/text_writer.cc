#include "hdf5/library/text_writer.h"

#include <algorithm>
#include <string>
#include <vector>

#include "hdf5/library/library_type.h"

namespace spikeport::hdf5 {
namespace {

/** What the library is given at once, so far as texts are of a length. */
constexpr std::uint64_t most_texts = 4096;
constexpr std::uint64_t most_block_bytes = std::uint64_t{1} << 20U;

/** Texts as the library takes them: each with a terminating zero. */
class CStrings {
 public:
  CStrings(const PackedTexts& texts, std::size_t first, std::size_t count) {
    std::vector<std::size_t> begins;
    begins.reserve(count);
    for (std::size_t i = first; i < first + count; i++) {
      begins.push_back(characters_.size());
      characters_ += texts[i];
      characters_ += '\0';
    }
    pointers_.reserve(count);
    for (const std::size_t begin : begins) pointers_.push_back(characters_.data() + begin);
  }

  [[nodiscard]] const char* const* data() const { return pointers_.data(); }
  [[nodiscard]] std::uint64_t byte_size() const { return characters_.size() - pointers_.size(); }

 private:
  std::string characters_;
  std::vector<const char*> pointers_;
};

}  // namespace

TextWriter::TextWriter(File& file, const TextDataset& dataset)
    : check_(file.check()),
      dataset_(dataset),
      handle_(file.create_dataset(dataset.path, Text{}, dataset.shape, dataset.chunking, dataset.attributes)) {
  const std::uint64_t count = dataset.texts.size();
  if (count == 0) return;
  const std::uint64_t blocks = std::max(count / most_texts, dataset.texts.bytes().size() / most_block_bytes) + 1;
  blocks_.emplace(dataset.shape, chunk_shape(dataset.shape, 1, count / blocks));
}

std::uint64_t TextWriter::write_some() {
  const std::string doing = "write dataset '" + dataset_.path + "'";
  const Chunk block = (*blocks_)[next_block_++];
  const std::uint64_t count = element_count(block.box);
  const CStrings texts(dataset_.texts, next_text_, static_cast<std::size_t>(count));
  next_text_ += static_cast<std::size_t>(count);

  const Handle type = library_type(Text{}, check_);
  const Handle in_memory = library_space({&count, 1}, check_);
  const Handle in_file = library_space(dataset_.shape, check_);
  if (!block.box.empty()) {
    const auto corner = dimensions(block.corner);
    const auto box = dimensions(block.box);
    check_(H5Sselect_hyperslab(in_file.get(), H5S_SELECT_SET, corner.data(), nullptr, box.data(), nullptr), doing);
  }
  check_(H5Dwrite(handle_.get(), type.get(), in_memory.get(), in_file.get(), H5P_DEFAULT, texts.data()), doing);
  // Small writes are buffered, and may fail only now.
  if (is_done()) check_(H5Dclose(handle_.release()), doing);
  return texts.byte_size();
}

}  // namespace spikeport::hdf5
