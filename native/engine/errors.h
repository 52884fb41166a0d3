// With what a job may fail, besides a SystemError.
#pragma once

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace spikeport {

/** A number in the fewest digits that read back as the same; integers below 1e21 as in JavaScript, without exponent. */
inline std::string readable(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  std::array<char, 32> text{};
  if (std::abs(number) < 1e21 && std::trunc(number) == number) {
    std::snprintf(text.data(), text.size(), "%.0f", number);
    return text.data();
  }
  for (int digits = 6; digits <= 17; digits++) {
    std::snprintf(text.data(), text.size(), "%.*g", digits, number);
    if (std::strtod(text.data(), nullptr) == number) break;
  }
  return text.data();
}

/** The HDF5 library refused a call; `stack` is its own account of it. */
class Hdf5Failure : public std::runtime_error {
 public:
  Hdf5Failure(const std::string& message, std::string stack) : std::runtime_error(message), stack_(std::move(stack)) {}

  [[nodiscard]] const std::string& stack() const { return stack_; }

 private:
  std::string stack_;
};

/** A file that is read is not what it should be. */
class FormatError : public std::runtime_error {
 public:
  /**
   * @param path the caller's name for the file
   * @param object the object in the file; empty where it is the file as a whole
   * @param problem what is wrong, such as "it is cut off"
   * @param stack the HDF5 library's own account of it, if it has one
   */
  FormatError(std::string path, std::string object, const std::string& problem, std::string stack = {})
      : std::runtime_error(problem), path_(std::move(path)), object_(std::move(object)), stack_(std::move(stack)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& object() const { return object_; }
  [[nodiscard]] const std::string& stack() const { return stack_; }

 private:
  std::string path_;
  std::string object_;
  std::string stack_;
};

/** A number cannot be represented in the file, such as a time whose sample does not fit int64. */
class ValueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** The target is something that an export cannot replace. */
class TargetError : public std::runtime_error {
 public:
  TargetError(const std::string& expected, std::string path)
      : std::runtime_error("expected " + expected), expected_(expected), path_(std::move(path)) {}

  [[nodiscard]] const std::string& expected() const { return expected_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string expected_;
  std::string path_;
};

/** A folder has changed since the export to it was planned. */
class FolderChanged : public std::runtime_error {
 public:
  FolderChanged() : std::runtime_error("the folder has changed") {}
};

/** The job was cancelled. */
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("cancelled") {}
};

}  // namespace spikeport
