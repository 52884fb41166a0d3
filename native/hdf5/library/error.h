#pragma once

// The HDF5 library's error stack as exceptions.

#include <hdf5.h>

#include <string>
#include <utility>

#include "hdf5/library/handle.h"

namespace spikeport::hdf5 {

/** Keeps the library from printing, and from closing itself at exit. Called first on the HDF5 thread. */
void initialize();

/** What the library reports of a call that it refused. */
struct Account {
  /** One line for each function, the innermost last. */
  std::string stack;
  /** The errno of what the operating system refused; 0 where it did not. */
  int error_number = 0;
  /** The call that the operating system refused. */
  const char* call = "write";
};

/** Takes the account of the last refusal off the library's stack. */
Account take_account();

/** Checks what a call of the library returned; throws if it failed. */
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
   * Throws the error on the library's stack: a SystemError when the operating system refused (a full disk, for
   * example), else an Hdf5Failure.
   */
  [[noreturn]] void fail(const std::string& doing) const;

 private:
  std::string path_;
  std::string name_;
};

}  // namespace spikeport::hdf5
