// An HDF5 file that is open for reading, by the library and for its bytes.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hdf5/library/handle.h"
#include "hdf5/structure/objects.h"
#include "platform/input_file.h"

namespace spikeport::hdf5 {

/** A dataset, and what has been checked of it. */
struct CheckedDataset {
  std::uint64_t address = 0;
  structure::CheckedObject checked;
};

struct OpenedDataset {
  Handle handle;
  structure::CheckedObject checked;
};

/**
 * The library's handle of a file, and the file's bytes beside it. Only what `bytes` is for may be used outside of the
 * HDF5 thread; see `open_file` for who destroys it.
 *
 * Objects are found past the library, and checked before it opens them: it crashes where structures are damaged on
 * purpose. It opens nothing but this file: links that lead to other files are refused, and no plugin is loaded.
 */
class OpenFile {
 public:
  /** Opens the file for its bytes.
   * @param name what errors call the file */
  OpenFile(const std::string& path, std::string name);
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() = default;

  /** Goes on to open it for the library; returns whether there is more to do. First of all. */
  bool open_some();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const platform::InputFile& bytes() const { return *bytes_; }
  /** The same for what reads on after this is closed. */
  [[nodiscard]] const std::shared_ptr<const platform::InputFile>& shared_bytes() const { return bytes_; }
  /** What the file was like when it was opened. */
  [[nodiscard]] const platform::InputFile::State& opened() const { return opened_; }
  void require_unchanged() const;

  /** Reads some of the links that lead to a path, and returns whether there are more to read: groups may have millions.
   * What looks for an object without that reads all of them at once. */
  [[nodiscard]] bool prepare(const std::string& path) const;
  /** The address of the object at a path; none where nothing is there. Throws for a path that leaves the file. */
  [[nodiscard]] std::optional<std::uint64_t> find(const std::string& path) const;
  /** The same of an object that has to be there. */
  [[nodiscard]] std::uint64_t address_of(const std::string& path) const;
  /** Throws for an object that is damaged. */
  [[nodiscard]] structure::CheckedObject check_object(std::uint64_t address, const std::string& path) const;
  /** Why the library must not open an object that was checked, or cannot; empty where it can. */
  [[nodiscard]] static std::string problem_of(const structure::CheckedObject& object);
  /** Opens an object that was checked, and has no problem. */
  [[nodiscard]] Handle open(std::uint64_t address, const std::string& path) const;
  /** Checks the dataset at a path. Throws where there is none, and where the library must not open it. */
  [[nodiscard]] CheckedDataset check_dataset(const std::string& path) const;
  /** Checks and opens the dataset at a path. Throws where there is none. */
  [[nodiscard]] OpenedDataset open_dataset(const std::string& path) const;

  /** Calls a function that looks at the structure of the file, with it. */
  template <typename Look>
  auto look(const std::string& path, Look look) const {
    try {
      return look(objects_);
    } catch (const structure::Damaged& damage) {
      refuse(path, damage.what());
    }
  }

  /** Where the file begins: after a user block. */
  [[nodiscard]] std::uint64_t begin() const { return objects_.begin(); }
  /** The bytes of an element of variable length, which refers to the global heap. */
  [[nodiscard]] std::size_t heap_reference_bytes() const { return structure::heap_reference_bytes(objects_.widths()); }

  /** The path of the object that a reference leads to, empty for a null reference. Linear in the objects of the file,
   * once. */
  [[nodiscard]] std::string path_of(std::uint64_t reference, const std::string& object);
  /** Throws where texts become longer than the file justifies: it can name the same bytes many times. */
  void count_text(std::string_view text, const std::string& object);

  /** Throws the error of a call that the library refused. */
  [[noreturn]] void fail(const std::string& object, const std::string& doing) const;
  /** Throws the error for an object that is not what it should be. */
  [[noreturn]] void refuse(const std::string& object, const std::string& problem) const;
  void check(herr_t status, const std::string& object, const std::string& doing) const {
    if (status < 0) fail(object, doing);
  }
  [[nodiscard]] Handle check(hid_t id, Handle::Close closer, const std::string& object,
                             const std::string& doing) const {
    if (id < 0) fail(object, doing);
    return {id, closer};
  }

 private:
  std::string path_;
  std::shared_ptr<const platform::InputFile> bytes_;
  platform::InputFile::State opened_;
  /** Remembers what it has read. */
  mutable structure::Objects objects_;
  Handle file_;
  /** The bytes that texts may still have. */
  std::uint64_t text_left_;
};

/** Begins to open a file, on the HDF5 thread. The last owner, on any thread, has it closed on the HDF5 thread. */
std::shared_ptr<OpenFile> open_file(const std::string& path, const std::string& name);

}  // namespace spikeport::hdf5
