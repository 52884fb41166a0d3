#include "hdf5/direct/file_image.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "hdf5/direct/unit_group.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/object_path.h"
#include "hdf5/model/page_order.h"

namespace spikeport::hdf5::direct {
namespace {

/** A dataset of at most this has no heap of its own. */
constexpr std::size_t most_shared_bytes = 4096;

bool shares_heap(const TextDataset& dataset) {
  return dataset.texts.bytes().size() + dataset.texts.size() * Text::stored_size <= most_shared_bytes;
}

/** @param data the address of the first element */
StoredChunks stored_chunks(const Chunking& chunking, std::span<const std::uint64_t> shape, std::uint64_t element_size,
                           std::uint64_t data) {
  std::vector<std::uint64_t> chunk = chunk_shape(chunking, shape, element_size);
  const std::uint64_t count = element_count(shape) == 0 ? 0 : ChunkGrid({shape.begin(), shape.end()}, chunk).size();
  return {.shape = std::move(chunk), .element_size = element_size, .count = count, .data = data};
}

}  // namespace

FileImage::FileImage(const Plan& plan, std::uint64_t elements_begin)
    : page_bytes_(plan.page_bytes), elements_(elements_begin) {
  superblock_ =
      std::make_shared<MetadataBytes>(std::vector<std::byte>(page_bytes_ ? paged_superblock_size : superblock_size));
  layout_.place(superblock_);
  static_assert(BegunFile::first_address == superblock_size);
  if (plan.begun && !page_bytes_) layout_.skip_to(plan.begun->end());
  if (page_bytes_) extension_ = add_superblock_extension();
  const Attributes attributes = gather(plan.attributes);
  std::vector<Placed> objects = gather(plan);
  place_texts();
  for (Placed& placed : objects) {
    placed.data = std::visit([&](const auto& of) { return place_data(of, placed); }, *placed.object);
  }
  std::ranges::sort(objects, {}, &Placed::names);
  root_ = add_group(objects, {}, attributes);
  addresses_.set({}, root_.object_header);
  metadata_end_ = layout_.end();
  layout_.append(std::move(elements_));
}

std::uint64_t FileImage::complete() {
  const std::uint64_t begin = chunks_.empty() ? layout_.end() : chunks_.place(layout_.end());
  layout_.skip_to(begin);
  for (const EncodedDataset& dataset : encoded_) {
    const std::uint64_t btree = add_btree(dataset);
    for (Message& message : headers_[dataset.header].messages) {
      if (auto* layout = std::get_if<ChunkedLayoutMessage>(&message)) layout->btree = btree;
    }
  }
  for (const auto& trees : unit_trees_) {
    layout_.align();
    trees->set_address(layout_.end());
    layout_.place(trees);
  }
  for (const auto& [bytes, messages] : headers_) encode_object_header(messages, bytes->bytes());
  if (page_bytes_) {
    encode_paged_superblock(root_.object_header, extension_, size(), superblock_->bytes());
  } else {
    encode_superblock(root_, size(), superblock_->bytes());
  }
  return layout_.end() - begin;
}

/** Gathers the texts of all objects, and requests the addresses that references are to. */
std::vector<FileImage::Placed> FileImage::gather(const Plan& plan) {
  std::vector<Placed> objects;
  objects.reserve(plan.objects.size());
  for (const Object& object : plan.objects) {
    const Attributes attributes = gather(attributes_of(object));
    objects.push_back({names_in(path_of(object)), &object, attributes, texts_.size()});
    const auto* dataset = std::get_if<TextDataset>(&object);
    if (dataset != nullptr && shares_heap(*dataset)) texts_.add(dataset->texts);
    if (const auto* references = std::get_if<ReferenceDataset>(&object)) {
      for (const Reference& reference : references->targets) addresses_.request(reference);
    }
  }
  return objects;
}

FileImage::Attributes FileImage::gather(std::span<const Attribute> attributes) {
  const std::size_t first = texts_.size();
  texts_.add(attributes);
  for (const Attribute& attribute : attributes) {
    if (const auto* reference = std::get_if<Reference>(&attribute.value)) addresses_.request(*reference);
  }
  return {attributes, first};
}

void FileImage::place_texts() {
  layout_.align();
  heap_ = std::make_shared<TextHeap>(texts_.packed(), layout_.end());
  layout_.place(heap_);
}

/** Where elements of this many bytes are placed next: in a paged file, not across pages without need. */
Layout& FileImage::layout_for(std::uint64_t bytes) {
  if (!page_bytes_) return layout_;
  elements_.skip_to_page(bytes, *page_bytes_);
  return elements_;
}

std::uint64_t FileImage::place_data(const Dataset& dataset, const Placed& /*placed*/) {
  const auto shape = dataset.shape();
  if (dataset.streamed) return 0;
  if (has_encoded_chunks(dataset)) {
    const auto chunk = chunk_shape(*dataset.chunking, shape, size_of(dataset.source->type()));
    const std::uint64_t count = element_count(shape) == 0 ? 0 : ChunkGrid({shape.begin(), shape.end()}, chunk).size();
    most_tree_bytes_ += EncodedChunkBTree::most_bytes(count, shape.size()) + metadata_alignment;
    return chunks_.add(count);
  }
  return place_elements(dataset.source, dataset.chunking, shape, size_of(dataset.source->type()));
}

std::uint64_t FileImage::place_data(const UnitDatasets& units, Placed& placed) {
  if (units.chunking) {
    placed.trees = std::make_shared<UnitChunkBTrees>(units.source, *units.chunking, chunks_);
    most_tree_bytes_ += placed.trees->byte_size() + metadata_alignment;
    unit_trees_.push_back(placed.trees);
    return 0;
  }
  return layout_for(units.source->byte_size()).place_elements(units.source);
}

std::uint64_t FileImage::place_data(const TextDataset& dataset, const Placed& placed) {
  const std::size_t count = dataset.texts.size();
  if (shares_heap(dataset)) {
    return place_elements(std::make_shared<TextElements>(heap_, placed.first_text, count), dataset.chunking,
                          dataset.shape, Text::stored_size);
  }
  Layout& layout = layout_for(rough_size(*placed.object));
  layout.align();
  const auto heap = std::make_shared<TextHeap>(dataset.texts, layout.end());
  layout.place(heap);
  return place_elements(std::make_shared<TextElements>(heap, 0, count), dataset.chunking, dataset.shape,
                        Text::stored_size);
}

std::uint64_t FileImage::place_data(const ReferenceDataset& dataset, const Placed& /*placed*/) {
  std::vector<const std::uint64_t*> addresses;
  addresses.reserve(dataset.targets.size());
  for (const Reference& reference : dataset.targets) addresses.push_back(&addresses_.request(reference));
  return place_elements(std::make_shared<ReferenceElements>(std::move(addresses), dataset.choices), dataset.chunking,
                        dataset.shape, ObjectReference::stored_size);
}

/** Places elements, and if they are chunked, zeros up to the end of the last chunk: the fill value of rows to come. */
std::uint64_t FileImage::place_elements(const std::shared_ptr<const Source>& elements,
                                        const std::optional<Chunking>& chunking, std::span<const std::uint64_t> shape,
                                        std::uint64_t element_size) {
  std::uint64_t bytes = elements->byte_size();
  if (has_chunks(chunking, shape)) {
    const StoredChunks chunks = stored_chunks(*chunking, shape, element_size, undefined_address);
    bytes = chunks.count * chunks.bytes_each();
  }
  Layout& layout = layout_for(bytes);
  const std::uint64_t address = layout.place_elements(elements);
  layout.place_zeros(bytes - elements->byte_size());
  return address;
}

/** Adds the group that these names lead to, and its members at any depth. Its own object may be the first of them. */
SymbolTableEntry FileImage::add_group(std::span<const Placed> members, std::span<const std::string_view> names,
                                      Attributes attributes) {
  const std::size_t depth = names.size();
  if (!members.empty() && members.front().names.size() == depth) {
    attributes = members.front().attributes;
    members = members.subspan(1);
  }
  const auto entries = std::make_shared<EntryList>();
  NameHeap heap;
  while (!members.empty()) {
    const Placed& first = members.front();
    const auto inner = std::span(first.names).first(depth + 1);
    const auto leads_elsewhere = [&](const Placed& member) { return member.names[depth] != inner.back(); };
    const auto other = std::ranges::find_if(members, leads_elsewhere);
    const auto same = members.first(static_cast<std::size_t>(other - members.begin()));
    const bool is_group = first.names.size() > inner.size() || std::holds_alternative<Group>(*first.object);
    SymbolTableEntry entry = is_group ? add_group(same, inner, {}) : add_object(first);
    addresses_.set(inner, entry.object_header);
    entry.name_offset = heap.add(inner.back());
    if (const auto* link = std::get_if<SoftLink>(first.object))
      entry.link = heap.add(without_spare_slashes(link->target));
    entries->add(entry);
    members = members.subspan(same.size());
  }
  return add_group(entries, std::make_shared<MetadataBytes>(heap.take()), attributes);
}

/** Adds a group of objects that have been added; `names` is the data segment of its heap. */
SymbolTableEntry FileImage::add_group(const std::shared_ptr<const SymbolTableEntries>& entries,
                                      const std::shared_ptr<const Source>& names, const Attributes& attributes) {
  const std::uint64_t nodes = layout_.place(std::make_shared<SymbolTableNodes>(entries));
  const auto btree = std::make_shared<GroupBTree>(entries, nodes, layout_.end());
  layout_.place(btree);
  std::vector<std::byte> heap(local_heap_header_size);
  encode_local_heap_header(names->byte_size(), layout_.end() + heap.size(), heap);
  const SymbolTableMessage table{.btree = btree->root(),
                                 .heap = layout_.place(std::make_shared<MetadataBytes>(std::move(heap)))};
  layout_.place(names);
  const Message message = table;
  return {.object_header = add_header({&message, 1}, attributes), .group = table};
}

std::uint64_t FileImage::add_superblock_extension() {
  const Message info = FileSpaceInfoMessage{.page_bytes = *page_bytes_};
  return add_header({&info, 1}, {});
}

SymbolTableEntry FileImage::add_object(const Placed& placed) {
  return std::visit([&](const auto& of) { return add(of, placed); }, *placed.object);
}

SymbolTableEntry FileImage::add(const Dataset& dataset, const Placed& placed) {
  if (dataset.streamed) return add_streamed(dataset, placed);
  if (has_encoded_chunks(dataset)) return add_encoded(dataset, placed);
  return add_dataset(dataset.type(), dataset.shape(), dataset.chunking, placed);
}

SymbolTableEntry FileImage::add(const UnitDatasets& units, const Placed& placed) {
  const std::uint64_t count = units.source->trains().unit_count();
  std::shared_ptr<const GeneratedRecords> headers;
  if (placed.trees) {
    headers = std::make_shared<ChunkedUnitObjectHeaders>(units.source, *units.chunking, placed.trees);
  } else {
    headers = std::make_shared<UnitObjectHeaders>(units.source, placed.data);
  }
  const std::uint64_t address = layout_.place(headers);
  addresses_.set_numbered(placed.names, address, headers->record_size());
  const auto names = std::make_shared<UnitNames>(count);
  return add_group(std::make_shared<UnitSymbolTableEntries>(count, names, address, headers->record_size()), names, {});
}

SymbolTableEntry FileImage::add(const TextDataset& dataset, const Placed& placed) {
  return add_dataset(Text{}, dataset.shape, dataset.chunking, placed);
}

SymbolTableEntry FileImage::add(const ReferenceDataset& dataset, const Placed& placed) {
  return add_dataset(ObjectReference{}, dataset.shape, dataset.chunking, placed);
}

SymbolTableEntry FileImage::add(const Group& /*group*/, const Placed& placed) {
  return add_group({&placed, 1}, placed.names, {});
}

SymbolTableEntry FileImage::add(const SoftLink& /*link*/, const Placed& /*placed*/) {
  return {.object_header = undefined_address};
}

SymbolTableEntry FileImage::add_dataset(const Datatype& type, std::span<const std::uint64_t> shape,
                                        const std::optional<Chunking>& chunking, const Placed& placed) {
  if (!has_chunks(chunking, shape)) {
    return {.object_header = add_header(dataset_messages(type, shape, placed.data), placed.attributes)};
  }
  const StoredChunks chunks = stored_chunks(*chunking, shape, element_size(type), placed.data);
  const auto messages = chunked_dataset_messages(type, shape, *chunking, chunks.shape, add_btree(chunks));
  return {.object_header = add_header(messages, placed.attributes)};
}

SymbolTableEntry FileImage::add_encoded(const Dataset& dataset, const Placed& placed) {
  const Datatype type = dataset.type();
  const auto shape = dataset.source->shape();
  auto chunk = chunk_shape(*dataset.chunking, shape, element_size(type));
  encoded_.push_back(
      {placed.data, ChunkGrid({shape.begin(), shape.end()}, chunk), element_size(type), headers_.size()});
  const auto messages = chunked_dataset_messages(type, shape, *dataset.chunking, std::move(chunk), undefined_address);
  return {.object_header = add_header(messages, placed.attributes)};
}

SymbolTableEntry FileImage::add_streamed(const Dataset& dataset, const Placed& placed) {
  const StreamedChunks& chunks = *dataset.streamed;
  std::uint64_t root = undefined_address;
  if (chunks.size() > 0) {
    layout_.align();
    const auto btree = std::make_shared<StreamedChunkBTree>(dataset.streamed, layout_.end());
    layout_.place(btree);
    root = btree->root();
  }
  const auto chunk = chunks.chunk();
  const auto messages =
      chunked_dataset_messages(dataset.type(), dataset.shape(), *dataset.chunking, {chunk.begin(), chunk.end()}, root);
  return {.object_header = add_header(messages, placed.attributes)};
}

/** Adds the B-tree of chunks, and returns its address: none without chunks. */
std::uint64_t FileImage::add_btree(const StoredChunks& chunks) {
  if (chunks.count == 0) return undefined_address;
  layout_.align();
  const auto btree = std::make_shared<ChunkBTree>(chunks, layout_.end());
  layout_.place(btree);
  return btree->root();
}

/** Adds the B-tree of encoded chunks, and returns its address: none where no chunk is stored. */
std::uint64_t FileImage::add_btree(const EncodedDataset& dataset) {
  if (element_count(dataset.grid.shape()) == 0) return undefined_address;
  auto stored = chunks_.stored_places(dataset.first_chunk, dataset.grid.size());
  if (stored && stored->empty()) return undefined_address;
  layout_.align();
  const auto btree = std::make_shared<EncodedChunkBTree>(chunks_, dataset.first_chunk, dataset.grid,
                                                         dataset.element_size, std::move(stored), layout_.end());
  layout_.place(btree);
  return btree->root();
}

std::uint64_t FileImage::add_header(std::span<const Message> object, const Attributes& attributes) {
  const AttributeMessages made(heap_.get(), attributes.first_text, addresses_);
  std::vector<Message> messages = with_attributes(object, attributes.attributes, made);
  const auto bytes = std::make_shared<MetadataBytes>(std::vector<std::byte>(object_header_size(messages)));
  headers_.push_back({bytes, std::move(messages)});
  return layout_.place(bytes);
}

}  // namespace spikeport::hdf5::direct
