// What is in a file: objects, their attributes, and the children of groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hdf5/model/stepped_sort.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/packed.h"
#include "hdf5/reading/stored_dataset.h"

namespace spikeport::hdf5 {

/** An attribute with its value. */
struct AttributeValue {
  std::string name;
  StoredType type;
  bool is_null = false;
  std::vector<std::uint64_t> shape;
  /** Numbers, as those of `type.elements.type` are in memory. */
  std::vector<std::byte> numbers;
  /** Texts, and the paths of referenced objects. */
  std::vector<std::string> texts;
  /** Instead of either, where they are long: the numbers, or the texts as TextReader's results are packed. */
  std::shared_ptr<std::vector<std::byte>> packed;

  /** About how many microseconds the JS thread takes for it. */
  [[nodiscard]] std::size_t weight() const;
};

/** The attributes of an object, which are read a few at a time. */
class AttributeReader {
 public:
  /** @param checked those of the object, as they were checked */
  AttributeReader(std::string path, std::uint64_t address, std::vector<structure::StoredAttribute> checked)
      : path_(std::move(path)), address_(address), checked_(std::move(checked)) {}

  [[nodiscard]] bool is_done() const { return next_ == checked_.size(); }
  /** Reads the next ones, which take the JS thread less than a millisecond or are one. On the HDF5 thread. */
  std::vector<AttributeValue> read_some(OpenFile& file);
  /** The same with the object open. */
  std::vector<AttributeValue> read_some(OpenFile& file, const Handle& object);

 private:
  AttributeValue read(OpenFile& file, hid_t object, structure::StoredAttribute& checked) const;

  std::string path_;
  std::uint64_t address_;
  std::vector<structure::StoredAttribute> checked_;
  std::size_t next_ = 0;
};

/** What is at a path. */
struct Description {
  enum class Kind : std::uint8_t { missing, group, dataset, datatype };

  Kind kind = Kind::missing;
  /** Which object it is, under any of its names. */
  std::uint64_t address = 0;
  std::vector<AttributeValue> attributes;
  /** The attributes beyond those; null where there are no more. */
  std::shared_ptr<AttributeReader> more;
  /** Of a dataset, without its handle. */
  StoredDataset dataset;

  /** About how many microseconds the JS thread takes for it. */
  [[nodiscard]] std::size_t weight() const;
};

/** Describes the object at a path, if there is one. On the HDF5 thread. */
Description describe(OpenFile& file, const std::string& path);

/** A link of a group. */
struct GroupLink {
  std::string name;
  /** The object that a hard link leads to; none for a link that names a path. */
  std::optional<std::uint64_t> address;
};

/** The links of a group, in order of the bytes of their names. Read a few at a time, on the HDF5 thread. */
class LinkReader {
 public:
  explicit LinkReader(std::string path) : path_(std::move(path)) {}

  /** Reads the next ones, or sorts them; returns whether there is more to do. */
  bool read_some(const OpenFile& file);
  /** All of them, in the end. */
  [[nodiscard]] std::vector<GroupLink> take() { return std::move(links_); }

 private:
  struct ByName {
    bool operator()(const GroupLink& a, const GroupLink& b) const { return a.name < b.name; }
  };

  std::string path_;
  std::unique_ptr<structure::LinkWalk> walk_;
  std::vector<GroupLink> links_;
  std::optional<SteppedSort<GroupLink, ByName>> sorting_;
};

/**
 * Lists the children of a group, in order of their names' bytes: for each a byte (0 a link to nothing or out of the
 * file, 1 a group, 2 a dataset, 3 a datatype), the address of the object as float64, and the name. Before that the
 * number of children, as uint32.
 */
class ChildReader {
 public:
  explicit ChildReader(std::string path) : path_(std::move(path)), reader_(path_) {}

  /** Looks at the next children; returns whether there are more. On the HDF5 thread. */
  bool read_some(const OpenFile& file);
  [[nodiscard]] Packed& packed() { return packed_; }

 private:
  std::string path_;
  LinkReader reader_;
  std::optional<std::vector<GroupLink>> links_;
  std::size_t next_ = 0;
  Packed packed_;
};

}  // namespace spikeport::hdf5
