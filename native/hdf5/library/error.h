#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

#include "hdf5/library/handle.h"

namespace spikeport::hdf5 {

/** Keeps the library from printing, and from closing itself at exit. Called first on the HDF5 thread. */
void initialize();

/** Tells by what a call of the library returns whether it failed, and then throws. */
class Check {
 public:
  /**
   * @param path the file being written
   * @param name what errors call it
   */
  Check(std::string path, std::string name) : path_(std::move(path)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  Handle operator()(hid_t id, Handle::Close closer, const std::string& doing) const;
  void operator()(herr_t status, const std::string& doing) const;

  /**
   * Throws what the library's error stack says: a SystemError when the operating system refused (a full disk, say),
   * else an Hdf5Failure.
   */
  [[noreturn]] void fail(const std::string& doing) const;

 private:
  std::string path_;
  std::string name_;
};

}  // namespace spikeport::hdf5
