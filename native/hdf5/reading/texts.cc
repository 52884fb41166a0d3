#include "hdf5/reading/texts.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>

#include "hdf5/reading/chunk_source.h"
#include "hdf5/reading/chunk_walk.h"

namespace spikeport::hdf5 {
namespace {

/** More texts of variable length than any attribute has: the library reads all of them at once. */
constexpr std::uint64_t most_attribute_texts = 4096;

/** The texts that are read in a step, unless a row or a chunk has more. */
constexpr std::uint64_t texts_a_step = 4096;

/** The room that texts of variable length have beside the bytes of their file, for those that share their bytes. */
constexpr std::uint64_t spare_bytes = std::uint64_t{1} << 24U;

/** The library's type of these texts in memory: variable ones as pointers, others as they are. */
Handle memory_type(const OpenFile& file, const std::string& object, hid_t stored, const StoredType& type) {
  if (!type.has_variable_length) return file.check(H5Tcopy(stored), H5Tclose, object, "read its texts");
  Handle memory = file.check(H5Tcopy(H5T_C_S1), H5Tclose, object, "read its texts");
  file.check(H5Tset_size(memory.get(), H5T_VARIABLE), object, "read its texts");
  file.check(H5Tset_cset(memory.get(), H5Tget_cset(stored)), object, "read its texts");
  return memory;
}

void* allocate(std::size_t size, void* memory) {
  try {
    return static_cast<TextMemory*>(memory)->allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void release(void* block, void* memory) { static_cast<TextMemory*>(memory)->release(block); }

void append(std::vector<std::string>& texts, std::span<char* const> pointers) {
  for (const char* text : pointers) texts.emplace_back(text == nullptr ? "" : text);
}

void append(std::vector<std::string>& texts, std::string_view bytes, const StoredType& type) {
  for (std::size_t at = 0; at < bytes.size(); at += type.size)
    texts.emplace_back(text_in(bytes.substr(at, type.size), type.padding));
}

void append_paths(OpenFile& file, const std::string& object, std::vector<std::string>& texts,
                  std::span<const hobj_ref_t> references) {
  for (const hobj_ref_t reference : references) texts.push_back(file.path_of(reference, object));
}

}  // namespace

std::vector<std::string> attribute_texts(OpenFile& file, const std::string& object, hid_t attribute,
                                         const StoredType& type, std::uint64_t count) {
  std::vector<std::string> texts;
  if (count == 0) return texts;
  if (type.has_variable_length && count > most_attribute_texts)
    file.refuse(object, "an attribute of it has too many texts");
  const Handle stored = file.check(H5Aget_type(attribute), H5Tclose, object, "read an attribute of it");
  if (type.kind == StoredType::Kind::reference) {
    std::vector<hobj_ref_t> references(count);
    file.check(H5Aread(attribute, H5T_STD_REF_OBJ, references.data()), object, "read an attribute of it");
    append_paths(file, object, texts, references);
    return texts;
  }
  const Handle memory = memory_type(file, object, stored.get(), type);
  if (!type.has_variable_length) {
    std::string bytes(count * type.size, '\0');
    file.check(H5Aread(attribute, memory.get(), bytes.data()), object, "read an attribute of it");
    append(texts, bytes, type);
    return texts;
  }
  std::vector<char*> pointers(count);
  const Handle space = file.check(H5Aget_space(attribute), H5Sclose, object, "read an attribute of it");
  file.check(H5Aread(attribute, memory.get(), static_cast<void*>(pointers.data())), object, "read an attribute of it");
  append(texts, pointers);
  H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, static_cast<void*>(pointers.data()));
  return texts;
}

std::size_t TextReader::element_bytes() const {
  if (!dataset_.type.has_variable_length) return dataset_.type.size;
  const char* doing = "read its texts";
  const Handle file = file_.check(H5Iget_file_id(dataset_.handle.get()), H5Fclose, dataset_.path, doing);
  const Handle created = file_.check(H5Fget_create_plist(file.get()), H5Pclose, dataset_.path, doing);
  std::size_t address = 0;
  file_.check(H5Pget_sizes(created.get(), &address, nullptr), dataset_.path, doing);
  return sizeof(std::uint32_t) + address + sizeof(std::uint32_t);
}

TextReader::TextReader(OpenFile& file, const std::string& path)
    : file_(file), dataset_(open_dataset(file, path)), memory_(file.opened().size + spare_bytes) {
  require_readable(file, dataset_);
  const auto kind = dataset_.type.kind;
  if (kind != StoredType::Kind::text && kind != StoredType::Kind::reference)
    file.refuse(path, "its elements are no texts");
  const Handle stored = file.check(H5Dget_type(dataset_.handle.get()), H5Tclose, path, "read its texts");
  type_ = kind == StoredType::Kind::reference ? file.check(H5Tcopy(H5T_STD_REF_OBJ), H5Tclose, path, "read its texts")
                                              : memory_type(file, path, stored.get(), dataset_.type);
  transfer_ = file.check(H5Pcreate(H5P_DATASET_XFER), H5Pclose, path, "read its texts");
  file.check(H5Pset_vlen_mem_manager(transfer_.get(), allocate, &memory_, release, &memory_), path, "read its texts");
  const std::uint64_t least = dataset_.layout == StoredDataset::Layout::chunked ? dataset_.chunk[0] : 1;
  rows_a_step_ = std::max(least, texts_a_step / std::max<std::uint64_t>(1, dataset_.row()) / least * least);
}

/**
 * Decodes the chunks of these rows as well: of what they inflate to the library trusts that it is a whole chunk.
 */
void TextReader::check_chunks(std::uint64_t row_count) {
  if (dataset_.layout != StoredDataset::Layout::chunked || dataset_.filters.empty() || dataset_.has_szip()) return;
  std::size_t bytes = element_bytes();
  for (const std::uint64_t length : dataset_.chunk) bytes *= length;
  for (ChunkWalk walk(dataset_.shape, dataset_.chunk, row_, row_ + row_count); !walk.is_done(); walk.next()) {
    chunk_.clear();
    const StoredChunk stored = take_chunk(file_, dataset_, walk.corner(), chunk_);
    if (!stored.is_there) continue;
    std::string problem;
    decoder_.decode(std::span(chunk_).subspan(stored.first, stored.size), dataset_.filters, stored.mask, bytes,
                    problem);
    if (!problem.empty()) file_.refuse(dataset_.path, problem);
  }
}

void* TextMemory::allocate(std::size_t size) {
  if (size > left_) return nullptr;
  left_ -= size;
  void* block = std::malloc(size);
  if (block != nullptr) blocks_.insert(block);
  return block;
}

void TextMemory::release(void* block) {
  blocks_.erase(block);
  std::free(block);
}

TextMemory::~TextMemory() {
  for (void* block : blocks_) std::free(block);
}

bool TextReader::read_some(std::vector<std::string>& texts) {
  const std::uint64_t rows = dataset_.shape.empty() ? 1 : dataset_.shape[0];
  if (dataset_.count() == 0 || row_ >= rows) return false;
  const std::uint64_t row_count = std::min(rows_a_step_, rows - row_);
  const std::uint64_t count = row_count * dataset_.row();
  const char* doing = "read its texts";
  const Handle space = file_.check(H5Dget_space(dataset_.handle.get()), H5Sclose, dataset_.path, doing);
  if (!dataset_.shape.empty()) {
    std::array<hsize_t, H5S_MAX_RANK> start{row_};
    std::array<hsize_t, H5S_MAX_RANK> box{};
    std::ranges::copy(dataset_.shape, box.begin());
    box[0] = row_count;
    file_.check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, box.data(), nullptr),
                dataset_.path, doing);
  }
  check_chunks(row_count);
  const hsize_t memory_size = count;
  const Handle memory = file_.check(H5Screate_simple(1, &memory_size, nullptr), H5Sclose, dataset_.path, doing);
  const auto read = [&](void* buffer) {
    file_.check(H5Dread(dataset_.handle.get(), type_.get(), memory.get(), space.get(), transfer_.get(), buffer),
                dataset_.path, doing);
  };
  if (dataset_.type.kind == StoredType::Kind::reference) {
    std::vector<hobj_ref_t> references(count);
    read(references.data());
    append_paths(file_, dataset_.path, texts, references);
  } else if (dataset_.type.has_variable_length) {
    std::vector<char*> pointers(count);
    read(static_cast<void*>(pointers.data()));
    append(texts, pointers);
    H5Dvlen_reclaim(type_.get(), memory.get(), transfer_.get(), static_cast<void*>(pointers.data()));
  } else {
    std::string bytes(count * dataset_.type.size, '\0');
    read(bytes.data());
    append(texts, bytes, dataset_.type);
  }
  row_ += row_count;
  return row_ < rows;
}

}  // namespace spikeport::hdf5
