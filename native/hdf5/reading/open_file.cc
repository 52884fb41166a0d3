#include "hdf5/reading/open_file.h"

#include <array>
#include <system_error>
#include <utility>

#include "engine/errors.h"
#include "engine/thread_pool.h"
#include "hdf5/library/error.h"
#include "platform/error.h"
#include "reading/file_parts.h"

namespace spikeport::hdf5 {
namespace {

/** The room that texts have besides several times the bytes of the file: equal ones may be in the file once. */
constexpr std::uint64_t spare_text_bytes = std::uint64_t{1} << 26U;
constexpr std::uint64_t most_text_growth = 8;

/** Headers are read once: what the library keeps of more of them than these bytes would only have to be freed in the
 * end, in one go. */
constexpr std::size_t cache_bytes = std::size_t{1} << 20U;

/**
 * Keeps the library's cache of metadata as small as that, and has it cache no chunks: of one that it caches it trusts
 * the size that the file states.
 */
void limit_cache(hid_t access) {
  constexpr std::size_t usual_slots = 521;
  constexpr double usual_preemption = 0.75;
  H5Pset_cache(access, 0, usual_slots, 0, usual_preemption);
  H5AC_cache_config_t config{};
  config.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  if (H5Pget_mdc_config(access, &config) < 0) return;
  config.set_initial_size = true;
  config.initial_size = config.min_size = config.max_size = cache_bytes;
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;
  H5Pset_mdc_config(access, &config);
}

/** The innermost reason of the library's, in brackets. */
std::string reason_in(const std::string& stack) {
  const std::size_t line = stack.rfind('\n') + 1;
  const std::size_t text = stack.find(": ", line);
  if (text == std::string::npos) return {};
  std::string reason = " (";
  return reason.append(stack, text + 2).append(")");
}

structure::Objects checked_objects(const platform::InputFile& bytes) {
  try {
    return {bytes, bytes.state().size};
  } catch (const structure::Damaged& damage) {
    throw FormatError(bytes.name(), "", damage.what());
  }
}

}  // namespace

OpenFile::OpenFile(const std::string& path, std::string name)
    : path_(path),
      bytes_(std::make_shared<const platform::InputFile>(path, std::move(name))),
      opened_(bytes_->state()),
      objects_(checked_objects(*bytes_)),
      text_left_(most_text_growth * opened_.size + spare_text_bytes) {}

bool OpenFile::open_some() {
  if (look("", [](structure::Objects& objects) { return objects.check_some(); })) return true;
  initialize();
  H5Eclear2(H5E_DEFAULT);
  const Handle opening = check(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "", "prepare to read it");
  // Ids that a failure left open close with the file.
  check(H5Pset_fclose_degree(opening.get(), H5F_CLOSE_STRONG), "", "prepare to read it");
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  check(H5Pset_file_locking(opening.get(), false, true), "", "prepare to read it");
#endif
  limit_cache(opening.get());
  const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDONLY, opening.get());
  if (file < 0) {
    const Account account = take_account();
    if (account.error_number != 0) {
      throw SystemError({account.error_number, std::generic_category()}, account.call, bytes_->name());
    }
    const bool is_hdf5 = account.stack.find("signature not found") == std::string::npos;
    const bool is_cut_off = account.stack.find("truncated file") != std::string::npos;
    throw FormatError(bytes_->name(), "",
                      !is_hdf5     ? "it is no HDF5 file"
                      : is_cut_off ? "it is cut off"
                                   : "the HDF5 library could not open it" + reason_in(account.stack),
                      account.stack);
  }
  file_ = Handle(file, H5Fclose);
  if (!bytes_->is_at(path_)) refuse("", "it was replaced while it was opened");
  return false;
}

void OpenFile::require_unchanged() const { spikeport::require_unchanged(*bytes_, opened_); }

bool OpenFile::prepare(const std::string& path) const {
  return look(path, [&path](structure::Objects& objects) { return objects.prepare(path); });
}

std::optional<std::uint64_t> OpenFile::find(const std::string& path) const {
  using structure::Found;
  const Found found = look(path, [&path](structure::Objects& objects) { return objects.find(path); });
  switch (found.way) {
    case Found::Way::object:
      return found.address;
    case Found::Way::elsewhere:
      refuse(path, "a link on the way to it leads to another file");
    case Found::Way::circle:
      refuse(path, "soft links on the way to it lead in a circle");
    case Found::Way::nothing:
    case Found::Way::unread:
      break;
  }
  return std::nullopt;
}

std::uint64_t OpenFile::address_of(const std::string& path) const {
  const auto address = find(path);
  if (!address) refuse(path, "it is not there");
  return *address;
}

structure::CheckedObject OpenFile::check_object(std::uint64_t address, const std::string& path) const {
  return look(path, [address](structure::Objects& objects) { return objects.check(address); });
}

std::string OpenFile::problem_of(const structure::CheckedObject& object) {
  if (object.is_virtual) return "its elements are in other datasets (virtual)";
  // Libraries before HDF5 2.0 know no newer layout.
  constexpr unsigned newest_old_layout = 4;
  std::array<unsigned, 3> version{};
  if (object.layout.version <= newest_old_layout ||
      H5get_libversion(version.data(), version.data() + 1, version.data() + 2) < 0 || version[0] >= 2) {
    return {};
  }
  return "it was written by HDF5 2.0 or newer, in a form that HDF5 " + std::to_string(version[0]) + "." +
         std::to_string(version[1]) + "." + std::to_string(version[2]) + ", which this build has, does not support";
}

Handle OpenFile::open(std::uint64_t address, const std::string& path) const {
  return check(H5Oopen_by_addr(file_.get(), address), H5Oclose, path, "open it");
}

CheckedDataset OpenFile::check_dataset(const std::string& path) const {
  const std::uint64_t address = address_of(path);
  auto checked = check_object(address, path);
  if (checked.kind != structure::ObjectKind::dataset) refuse(path, "it is no dataset");
  const std::string problem = problem_of(checked);
  if (!problem.empty()) refuse(path, problem);
  return {.address = address, .checked = std::move(checked)};
}

OpenedDataset OpenFile::open_dataset(const std::string& path) const {
  CheckedDataset dataset = check_dataset(path);
  return {.handle = open(dataset.address, path), .checked = std::move(dataset.checked)};
}

std::string OpenFile::path_of(std::uint64_t reference, const std::string& object) {
  if (reference == 0) return {};
  const auto path = look(object, [reference](structure::Objects& objects) { return objects.path_of(reference); });
  if (!path) refuse(object, "a reference in it leads to nothing");
  count_text(*path, object);
  return *path;
}

void OpenFile::count_text(std::string_view text, const std::string& object) {
  if (text.size() > text_left_) refuse(object, "the texts of the file have more bytes than it can hold");
  text_left_ -= text.size();
}

void OpenFile::fail(const std::string& object, const std::string& doing) const {
  const Account account = take_account();
  if (account.error_number != 0) {
    throw SystemError({account.error_number, std::generic_category()}, account.call, bytes_->name());
  }
  throw FormatError(bytes_->name(), object, "the HDF5 library could not " + doing + reason_in(account.stack),
                    account.stack);
}

void OpenFile::refuse(const std::string& object, const std::string& problem) const {
  throw FormatError(bytes_->name(), object, problem);
}

std::shared_ptr<OpenFile> open_file(const std::string& path, const std::string& name) {
  const auto close = [](OpenFile* file) { hdf5_thread().post([file] { delete file; }); };
  return {new OpenFile(path, name), close};
}

}  // namespace spikeport::hdf5
