#include "hdf5/library/error.h"

#include <cstdlib>
#include <string_view>
#include <system_error>

#include "engine/errors.h"
#include "platform/error.h"

namespace spikeport::hdf5 {
namespace {

/** The errno that the library's file driver puts into its messages; 0 when there is none. */
int error_number_in(std::string_view text) {
  constexpr std::string_view key = "errno = ";
  // The last one: a file may have any name.
  const std::size_t at = text.rfind(key);
  return at == std::string_view::npos ? 0 : std::atoi(text.data() + at + key.size());
}

/** The system call that a function of the library's file driver is for. */
const char* call_of(std::string_view function) {
  if (function.find("open") != std::string_view::npos) return "open";
  if (function.find("truncate") != std::string_view::npos) return "ftruncate";
  if (function.find("lock") != std::string_view::npos) return "flock";
  if (function.find("close") != std::string_view::npos) return "close";
  return function.find("read") != std::string_view::npos ? "read" : "write";
}

herr_t add_entry(unsigned /*number*/, const H5E_error2_t* entry, void* data) {
  auto& account = *static_cast<Account*>(data);
  const std::string text = entry->desc == nullptr ? "" : entry->desc;
  if (!account.stack.empty()) account.stack += '\n';
  account.stack += std::string(entry->func_name) + ": " + text;
  if (account.error_number == 0) {
    account.error_number = error_number_in(text);
    account.call = call_of(entry->func_name);
  }
  return 0;
}

}  // namespace

void initialize() {
  static const bool initialized = [] {
    // A failed close leaves an id open, and the library's own end at exit then crashes.
    H5dont_atexit();
    // No code from a folder that the environment names.
    H5PLset_loading_state(0);
    return H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  }();
  static_cast<void>(initialized);
}

Account take_account() {
  Account account;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, add_entry, &account);
  H5Eclear2(H5E_DEFAULT);
  return account;
}

Handle Check::operator()(hid_t id, Handle::Close closer, const std::string& doing) const {
  if (id < 0) fail(doing);
  return {id, closer};
}

void Check::operator()(herr_t status, const std::string& doing) const {
  if (status < 0) fail(doing);
}

void Check::fail(const std::string& doing) const {
  Account account = take_account();
  if (account.error_number != 0) {
    throw SystemError({account.error_number, std::generic_category()}, account.call, name_);
  }
  for (std::size_t at = 0; (at = account.stack.find(path_, at)) != std::string::npos; at += name_.size()) {
    account.stack.replace(at, path_.size(), name_);
  }
  throw Hdf5Failure("The HDF5 library could not " + doing + " in '" + name_ + "'.", account.stack);
}

}  // namespace spikeport::hdf5
