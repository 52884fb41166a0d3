#pragma once

#include <hdf5.h>

#include <string>
#include <utility>

#include "hdf5/handle.h"

namespace spikeport::hdf5 {

/** Keeps the library from printing, and from closing itself at exit. Called first on the HDF5 thread. */
void initialize();

/**
 * Throws what the library's error stack tells: a SystemError when the operating system refused (a full disk, say), else
 * an Hdf5Failure. `path` is the file being written.
 */
[[noreturn]] void throw_error(const std::string& doing, const std::string& path);

/** Tells by what a call of the library returns whether it failed, and then throws. */
class Check {
 public:
  /** @param path the file being written */
  explicit Check(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  Handle operator()(hid_t id, Handle::Close closer, const std::string& doing) const;
  void operator()(herr_t status, const std::string& doing) const;

 private:
  std::string path_;
};

}  // namespace spikeport::hdf5
