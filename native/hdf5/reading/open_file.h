// An HDF5 file that is open for reading, by the library and for its bytes.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "hdf5/library/handle.h"
#include "platform/input_file.h"

namespace spikeport::hdf5 {

/** The library's information about objects and links, as all of its versions have it. */
#if H5_VERSION_GE(1, 12, 0)
using ObjectInfo = H5O_info1_t;
using LinkInfo = H5L_info1_t;
#else
using ObjectInfo = H5O_info_t;
using LinkInfo = H5L_info_t;
#endif

/**
 * The library's handle of a file, and the file's bytes beside it. Only what `bytes` is for may be used outside of the
 * HDF5 thread; see `open_file` for who destroys it.
 *
 * The library opens nothing but this file: links that lead to other files are refused, and no plugin is loaded.
 */
class OpenFile {
 public:
  /** @param name what errors call the file */
  OpenFile(const std::string& path, std::string name);
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() = default;

  [[nodiscard]] const platform::InputFile& bytes() const { return bytes_; }
  /** What the file was like when it was opened. */
  [[nodiscard]] const platform::InputFile::State& opened() const { return opened_; }
  void require_unchanged() const;

  /** Opens what is at a path; not open where nothing is there. Throws for what the library refuses. */
  [[nodiscard]] Handle find(const std::string& path) const;
  /** Opens the group or dataset at a path. Throws where there is none. */
  [[nodiscard]] Handle open_group(const std::string& path) const;
  [[nodiscard]] Handle open_dataset(const std::string& path) const;
  /** The same for the dataset of an open group: faster than by its `path`. */
  [[nodiscard]] Handle open_dataset_in(const Handle& group, const std::string& name, const std::string& path) const;
  [[nodiscard]] ObjectInfo info_of(const Handle& object, const std::string& path) const;
  /** The number of messages in an object's header. */
  [[nodiscard]] std::uint64_t message_count(const Handle& object, const std::string& path) const;
  /** How to reach objects: without leaving the file. */
  [[nodiscard]] hid_t access() const { return access_.get(); }

  /** The path of the object that a reference leads to, empty for a null reference. Linear in the objects of the file,
   * once each. */
  [[nodiscard]] std::string path_of(hobj_ref_t reference, const std::string& object);

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
  [[nodiscard]] Handle open(const std::string& path, H5I_type_t type, const char* what) const;

  platform::InputFile bytes_;
  platform::InputFile::State opened_;
  Handle access_;
  Handle file_;
  /** Whether the library has met a link to another file, since it was last asked for an object. */
  mutable bool left_file_ = false;
  /** Paths of objects by their reference. */
  std::map<hobj_ref_t, std::string> paths_;
};

/** Opens a file, on the HDF5 thread. The last owner, on any thread, has it closed on the HDF5 thread. */
std::shared_ptr<OpenFile> open_file(const std::string& path, const std::string& name);

}  // namespace spikeport::hdf5
