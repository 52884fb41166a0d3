#include "hdf5/direct/text_heap.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <variant>

namespace spikeport::hdf5::direct {
namespace {

constexpr std::uint64_t collection_header_size = 16;
constexpr std::uint64_t item_header_size = 16;

/** The library reads at least this much of a collection. */
constexpr std::uint64_t least_size = 4096;

/** The size of most collections of many texts: in much larger ones the two bytes of an object's number would run out.
 */
constexpr std::uint64_t usual_size = 65536;

std::uint64_t object_size(std::string_view text) { return item_header_size + padded(text.size()); }

/** A stretch of a source: what is written at an offset of the source is clipped to the stretch. */
class Window {
 public:
  /** @param first the number of the first byte */
  Window(std::uint64_t first, std::span<std::byte> bytes) : first_(first), bytes_(bytes) {}

  [[nodiscard]] std::uint64_t end() const { return first_ + bytes_.size(); }

  void write(std::uint64_t offset, std::span<const std::byte> part) const {
    const std::uint64_t begin = std::max(offset, first_);
    const std::uint64_t stop = std::min(offset + part.size(), end());
    if (begin >= stop) return;
    std::ranges::copy(part.subspan(begin - offset, stop - begin), bytes_.subspan(begin - first_).begin());
  }

 private:
  std::uint64_t first_;
  std::span<std::byte> bytes_;
};

void write_collection_header(const Window& out, std::uint64_t offset, std::uint64_t size) {
  std::array<std::byte, collection_header_size> header{};
  Encoder fields(header);
  fields.text("GCOL");
  fields.u8(1);  // version
  fields.skip(3);
  fields.u64(size);
  out.write(offset, header);
}

/** "Global Heap Object". Object 0 is the free space, whose size includes its header. */
void write_object_header(const Window& out, std::uint64_t offset, std::size_t index, std::uint64_t size) {
  std::array<std::byte, item_header_size> header{};
  Encoder fields(header);
  fields.u16(static_cast<std::uint16_t>(index));
  fields.skip(6);  // reference count and reserved
  fields.u64(size);
  out.write(offset, header);
}

}  // namespace

void SharedTexts::add(std::string_view text) {
  bytes_ += text;
  ends_.push_back(static_cast<double>(bytes_.size()));
}

void SharedTexts::add(const PackedTexts& texts) {
  for (std::size_t text = 0; text < texts.size(); text++) add(texts[text]);
}

void SharedTexts::add(std::span<const Attribute> attributes) {
  for (const auto& [name, value] : attributes) {
    if (const auto* text = std::get_if<std::string>(&value)) add(*text);
    if (const auto* text = std::get_if<LongText>(&value)) add(text->utf8);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
      for (const std::string& text : *texts) add(text);
    }
  }
}

void TextPlace::encode(Encoder& out) const {
  out.u32(length);
  out.u64(collection);
  out.u32(index);
}

TextHeap::TextHeap(PackedTexts texts, std::uint64_t address) : TextHeap(collections_of(texts), texts, address) {}

TextHeap::TextHeap(std::vector<Collection> collections, PackedTexts texts, std::uint64_t address)
    : Source(ElementType::u8, {collections.back().offset}),
      texts_(texts),
      address_(address),
      collections_(std::move(collections)) {}

/** A text larger than a collection has one of its own. */
std::vector<TextHeap::Collection> TextHeap::collections_of(const PackedTexts& texts) {
  std::vector<Collection> collections{{0, 0}};
  std::uint64_t size = collection_header_size;
  const auto end_collection = [&](std::size_t next_text) {
    collections.push_back({next_text, collections.back().offset + std::max(size, least_size)});
    size = collection_header_size;
  };
  for (std::size_t text = 0; text < texts.size(); text++) {
    const std::uint64_t more = object_size(texts[text]);
    if (size > collection_header_size && size + more > usual_size) end_collection(text);
    size += more;
  }
  if (texts.size() > 0) end_collection(texts.size());
  return collections;
}

void TextHeap::fill(std::uint64_t first, std::span<std::byte> block) const {
  std::ranges::fill(block, std::byte{0});
  const Window out(first, block);
  auto collection = std::prev(std::ranges::upper_bound(collections_, first, {}, &Collection::offset));
  for (; collection->offset < out.end(); ++collection) {
    const auto next = std::next(collection);
    write_collection_header(out, collection->offset, next->offset - collection->offset);
    std::uint64_t offset = collection->offset + collection_header_size;
    for (std::size_t text = collection->first_text; text < next->first_text && offset < out.end(); text++) {
      const auto bytes = std::as_bytes(std::span(texts_[text]));
      write_object_header(out, offset, text - collection->first_text + 1, bytes.size());
      out.write(offset + item_header_size, bytes);
      offset += object_size(texts_[text]);
    }
    // Free space too small for a header has none.
    const std::uint64_t left = next->offset - offset;
    if (left >= item_header_size) write_object_header(out, offset, 0, left);
  }
}

TextPlace TextHeap::place_of(std::size_t text) const {
  const auto collection = std::prev(std::ranges::upper_bound(collections_, text, {}, &Collection::first_text));
  return {.length = static_cast<std::uint32_t>(texts_[text].size()),
          .collection = address_ + collection->offset,
          .index = static_cast<std::uint32_t>(text - collection->first_text + 1)};
}

TextElements::TextElements(std::shared_ptr<const TextHeap> heap, std::size_t first, std::size_t count)
    : GeneratedRecords(Text::stored_size, count), heap_(std::move(heap)), first_(first) {}

void TextElements::encode(std::uint64_t number, std::span<std::byte> record) const {
  Encoder out(record);
  heap_->place_of(first_ + static_cast<std::size_t>(number)).encode(out);
}

}  // namespace spikeport::hdf5::direct
