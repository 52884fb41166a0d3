#include "hdf5/reading/open_file.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/errors.h"
#include "engine/thread_pool.h"
#include "hdf5/library/error.h"
#include "hdf5/model/object_path.h"
#include "platform/error.h"
#include "reading/file_parts.h"

namespace spikeport::hdf5 {
namespace {

/** The most soft links on the way to an object: more are a circle. */
constexpr std::size_t most_soft_links = 16;

/** Called for each link to another file before it is followed: keeps the library from doing so. */
herr_t refuse_other_file(const char* /*parent_file*/, const char* /*parent_group*/, const char* /*file*/,
                         const char* /*object*/, unsigned* /*flags*/, hid_t /*access*/, void* left_file) {
  *static_cast<bool*>(left_file) = true;
  return -1;
}

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

}  // namespace

OpenFile::OpenFile(const std::string& path, std::string name) : bytes_(path, std::move(name)), opened_(bytes_.state()) {
  initialize();
  H5Eclear2(H5E_DEFAULT);
  access_ = check(H5Pcreate(H5P_LINK_ACCESS), H5Pclose, "", "prepare to read it");
  check(H5Pset_nlinks(access_.get(), most_soft_links), "", "prepare to read it");
  check(H5Pset_elink_cb(access_.get(), refuse_other_file, &left_file_), "", "prepare to read it");
  const Handle opening = check(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "", "prepare to read it");
  // Ids that a failure left open close with the file.
  check(H5Pset_fclose_degree(opening.get(), H5F_CLOSE_STRONG), "", "prepare to read it");
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  check(H5Pset_file_locking(opening.get(), false, true), "", "prepare to read it");
#endif
  limit_cache(opening.get());
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, opening.get());
  if (file < 0) {
    const Account account = take_account();
    if (account.error_number != 0) {
      throw SystemError({account.error_number, std::generic_category()}, account.call, bytes_.name());
    }
    const bool is_hdf5 = account.stack.find("signature not found") == std::string::npos;
    const bool is_cut_off = account.stack.find("truncated file") != std::string::npos;
    throw FormatError(bytes_.name(), "",
                      !is_hdf5     ? "it is no HDF5 file"
                      : is_cut_off ? "it is cut off"
                                   : "the HDF5 library could not open it" + reason_in(account.stack),
                      account.stack);
  }
  file_ = Handle(file, H5Fclose);
  if (!bytes_.is_at(path)) refuse("", "it was replaced while it was opened");
}

void OpenFile::require_unchanged() const { spikeport::require_unchanged(bytes_, opened_); }

Handle OpenFile::find(const std::string& path) const {
  left_file_ = false;
  const hid_t object = H5Oopen(file_.get(), path.c_str(), access_.get());
  if (object >= 0) return {object, H5Oclose};
  const Account account = take_account();
  if (left_file_) refuse(path, "a link on the way to it leads to another file");
  std::string prefix;
  for (const std::string_view step : steps_in(path)) {
    prefix += '/';
    prefix += step;
    const htri_t exists = H5Lexists(file_.get(), prefix.c_str(), access_.get());
    if (exists == 0) return {};
    if (exists < 0) break;
  }
  H5Eclear2(H5E_DEFAULT);
  if (H5Oexists_by_name(file_.get(), path.c_str(), access_.get()) == 0) return {};
  H5Eclear2(H5E_DEFAULT);
  if (left_file_) refuse(path, "a link on the way to it leads to another file");
  throw FormatError(bytes_.name(), path, "the HDF5 library could not open it" + reason_in(account.stack),
                    account.stack);
}

Handle OpenFile::open(const std::string& path, H5I_type_t type, const char* what) const {
  Handle object = find(path);
  if (!object.is_open()) refuse(path, "it is not there");
  if (H5Iget_type(object.get()) != type) refuse(path, std::string("it is no ") + what);
  return object;
}

Handle OpenFile::open_dataset_in(const Handle& group, const std::string& name, const std::string& path) const {
  left_file_ = false;
  Handle object(H5Oopen(group.get(), name.c_str(), access_.get()), H5Oclose);
  if (object.is_open() && H5Iget_type(object.get()) == H5I_DATASET) return object;
  // For the reason.
  return open_dataset(path);
}

Handle OpenFile::open_group(const std::string& path) const { return open(path, H5I_GROUP, "group"); }

Handle OpenFile::open_dataset(const std::string& path) const { return open(path, H5I_DATASET, "dataset"); }

ObjectInfo OpenFile::info_of(const Handle& object, const std::string& path) const {
  ObjectInfo info{};
  check(H5Oget_info2(object.get(), &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS), path, "read what it is");
  return info;
}

std::uint64_t OpenFile::message_count(const Handle& object, const std::string& path) const {
  ObjectInfo info{};
  check(H5Oget_info2(object.get(), &info, H5O_INFO_HDR), path, "read its header");
  return info.hdr.nmesgs;
}

std::string OpenFile::path_of(hobj_ref_t reference, const std::string& object) {
  if (reference == 0) return {};
  const auto known = paths_.find(reference);
  if (known != paths_.end()) return known->second;
  const Handle target = check(H5Rdereference2(file_.get(), H5P_DEFAULT, H5R_OBJECT, &reference), H5Oclose, object,
                              "follow a reference in it");
  const ssize_t length = H5Iget_name(target.get(), nullptr, 0);
  if (length < 0) fail(object, "find the object that a reference in it leads to");
  std::vector<char> text(static_cast<std::size_t>(length) + 1);
  if (H5Iget_name(target.get(), text.data(), text.size()) < 0)
    fail(object, "find the object that a reference in it leads to");
  return paths_.emplace(reference, text.data()).first->second;
}

void OpenFile::fail(const std::string& object, const std::string& doing) const {
  const Account account = take_account();
  if (account.error_number != 0) {
    throw SystemError({account.error_number, std::generic_category()}, account.call, bytes_.name());
  }
  throw FormatError(bytes_.name(), object, "the HDF5 library could not " + doing + reason_in(account.stack),
                    account.stack);
}

void OpenFile::refuse(const std::string& object, const std::string& problem) const {
  throw FormatError(bytes_.name(), object, problem);
}

std::shared_ptr<OpenFile> open_file(const std::string& path, const std::string& name) {
  const auto close = [](OpenFile* file) { hdf5_thread().post([file] { delete file; }); };
  return {new OpenFile(path, name), close};
}

}  // namespace spikeport::hdf5
