// The whole of a file that is written without the HDF5 library: all but encoded chunks has its place, and a source,
// before the first byte is written. What was written before that, of streams, precedes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "hdf5/direct/btree.h"
#include "hdf5/direct/encoded_chunks.h"
#include "hdf5/direct/layout.h"
#include "hdf5/direct/metadata.h"
#include "hdf5/direct/object_header.h"
#include "hdf5/direct/streamed_btree.h"
#include "hdf5/direct/text_heap.h"
#include "hdf5/model/chunk_grid.h"
#include "hdf5/model/plan.h"
#include "sources/source.h"

namespace spikeport::hdf5::direct {

/**
 * What is in a file, and where: the superblock, texts, the elements of datasets, and then the metadata, in which each
 * object precedes the group that holds its address. Encoded chunks follow, and the B-trees over them, whose places are
 * known last. In a paged file, which has no encoded chunks, the elements come last, in the order of the plan.
 */
class FileImage {
 public:
  /** The file of a plan without an `obstacle` that has passed its `check`; the plan stays where it is. */
  explicit FileImage(const Plan& plan)
      // Metadata is of one size wherever the elements are: once laid out, it shows where they can begin.
      : FileImage(plan, plan.page_bytes ? FileImage(plan, 0).metadata_end_ : 0) {}
  FileImage(const FileImage&) = delete;
  FileImage& operator=(const FileImage&) = delete;
  ~FileImage() = default;

  /** The bytes that are laid out: encoded chunks begin where they end. */
  [[nodiscard]] std::uint64_t size() const { return layout_.end(); }
  /** The encoded chunks, numbered in the order of the plan: their sizes are to be set before `complete` is called. */
  [[nodiscard]] EncodedChunks& chunks() { return chunks_; }
  /** The most bytes that will be laid out for the B-trees over them. */
  [[nodiscard]] std::uint64_t most_tree_bytes() const { return most_tree_bytes_; }

  /** Lays out what follows the encoded chunks. @return its bytes */
  std::uint64_t complete();

  [[nodiscard]] std::uint64_t bytes_to_write() const { return layout_.placed(); }
  /** All bytes of the complete file but the encoded chunks, by address. */
  [[nodiscard]] const std::vector<Extent>& extents() const { return layout_.extents(); }

 private:
  /** Attributes, and the number among the shared texts of their first one. */
  struct Attributes {
    std::span<const Attribute> attributes;
    std::size_t first_text;
  };

  /** An object of the plan, and the names that lead to it. */
  struct Placed {
    std::vector<std::string_view> names;
    const Object* object;
    Attributes attributes;
    /** The number of the first of its own texts, if they are shared. */
    std::size_t first_text;
    /** The address of its elements, or if they are encoded the number of the first chunk. */
    std::uint64_t data = 0;
    /** Of a unit group of chunks. */
    std::shared_ptr<UnitChunkBTrees> trees = nullptr;
  };

  /** A header that has its place, and what will be in it when all objects have theirs. */
  struct Header {
    std::shared_ptr<MetadataBytes> bytes;
    std::vector<Message> messages;
  };

  /** @param elements_begin where the elements of a paged file can begin */
  FileImage(const Plan& plan, std::uint64_t elements_begin);

  /** A dataset of encoded chunks: the number of its first one, and of its header. */
  struct EncodedDataset {
    std::uint64_t first_chunk;
    ChunkGrid grid;
    std::uint64_t element_size;
    std::size_t header;
  };

  std::vector<Placed> gather(const Plan& plan);
  Attributes gather(std::span<const Attribute> attributes);
  void place_texts();
  Layout& layout_for(std::uint64_t bytes);

  std::uint64_t place_data(const Dataset& dataset, const Placed& placed);
  std::uint64_t place_data(const UnitDatasets& units, Placed& placed);
  std::uint64_t place_data(const TextDataset& dataset, const Placed& placed);
  std::uint64_t place_data(const ReferenceDataset& dataset, const Placed& placed);
  static std::uint64_t place_data(const auto& /*without_elements*/, const Placed& /*placed*/) { return 0; }
  std::uint64_t place_elements(const std::shared_ptr<const Source>& elements, const std::optional<Chunking>& chunking,
                               std::span<const std::uint64_t> shape, std::uint64_t element_size);

  SymbolTableEntry add_group(std::span<const Placed> members, std::span<const std::string_view> names,
                             Attributes attributes);
  SymbolTableEntry add_group(const std::shared_ptr<const SymbolTableEntries>& entries,
                             const std::shared_ptr<const Source>& names, const Attributes& attributes);
  std::uint64_t add_superblock_extension();
  SymbolTableEntry add_object(const Placed& placed);
  SymbolTableEntry add(const Dataset& dataset, const Placed& placed);
  SymbolTableEntry add(const UnitDatasets& units, const Placed& placed);
  SymbolTableEntry add(const TextDataset& dataset, const Placed& placed);
  SymbolTableEntry add(const ReferenceDataset& dataset, const Placed& placed);
  SymbolTableEntry add(const Group& group, const Placed& placed);
  SymbolTableEntry add(const SoftLink& link, const Placed& placed);
  SymbolTableEntry add_dataset(const Datatype& type, std::span<const std::uint64_t> shape,
                               const std::optional<Chunking>& chunking, const Placed& placed);
  std::uint64_t add_btree(const StoredChunks& chunks);
  /** Adds what follows the chunks of a stream. */
  SymbolTableEntry add_streamed(const Dataset& dataset, const Placed& placed);
  /** Adds what precedes encoded chunks. */
  SymbolTableEntry add_encoded(const Dataset& dataset, const Placed& placed);
  std::uint64_t add_btree(const EncodedDataset& dataset);
  std::uint64_t add_header(std::span<const Message> object, const Attributes& attributes);

  std::optional<std::uint64_t> page_bytes_;
  Layout layout_;
  /** Of elements in a paged file. */
  Layout elements_;
  std::uint64_t metadata_end_ = 0;
  SharedTexts texts_;
  std::shared_ptr<const TextHeap> heap_;
  ObjectAddresses addresses_;
  std::vector<Header> headers_;
  std::shared_ptr<MetadataBytes> superblock_;
  /** The address of its extension, in a paged file. */
  std::uint64_t extension_ = undefined_address;
  SymbolTableEntry root_;
  EncodedChunks chunks_;
  std::vector<EncodedDataset> encoded_;
  std::vector<std::shared_ptr<UnitChunkBTrees>> unit_trees_;
  std::uint64_t most_tree_bytes_ = 0;
};

}  // namespace spikeport::hdf5::direct
