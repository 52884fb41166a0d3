// A refusal of the operating system, as an exception.
#pragma once

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace spikeport {

/**
 * The operating system refused a call. Compare its code with `std::errc`: the codes themselves are the system's own
 * (errno on POSIX, GetLastError on Windows), which the standard library maps to errno.
 */
class SystemError : public std::runtime_error {
 public:
  /**
   * @param call the call as Node names it in `syscall`, such as `open`
   * @param path the caller's name for the file
   */
  SystemError(std::error_code code, std::string call, std::string path)
      : std::runtime_error(call + " " + path), code_(code), call_(std::move(call)), path_(std::move(path)) {}
  SystemError(std::errc reason, std::string call, std::string path)
      : SystemError(std::make_error_code(reason), std::move(call), std::move(path)) {}

  [[nodiscard]] const std::error_code& code() const { return code_; }
  [[nodiscard]] const std::string& call() const { return call_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::error_code code_;
  std::string call_;
  std::string path_;
};

}  // namespace spikeport
