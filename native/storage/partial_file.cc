#include "storage/partial_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "platform/file_descriptor.h"

namespace spikeport {
namespace {

/** Without those that lend a file's owner and group to others. */
constexpr mode_t access_bits = 0777;
constexpr mode_t any_access = 0666;

struct stat status_of(int fd, const std::string& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw_errno("fstat", path);
  return status;
}

/** No more than the file that is replaced: what is not for everyone's eyes is not so while it is written. */
mode_t first_mode(const Target& target) {
  return target.permissions ? target.permissions->mode & access_bits : any_access;
}

}  // namespace

PartialFile PartialFile::in_partial_folder(const std::string& path, const std::string& name) {
  FileDescriptor file = create_file(path, any_access);
  if (!file.is_open()) throw_errno("open", name);
  return {{.path = path, .name = name, .permissions = std::nullopt}, std::move(file)};
}

PartialFile::PartialFile(const Target& target)
    : target_(target), claim_(Claim(Claim::Kind::file, target, first_mode(target))) {
  keep_permissions(status_of(fd(), this->target()));
}

void PartialFile::keep_permissions(const struct stat& status) const {
  if (!target_.permissions) return;
  const auto& [mode, owner, group] = *target_.permissions;
  const bool is_same_owners = status.st_uid == owner && status.st_gid == group;
  const mode_t wanted = is_same_owners ? mode : mode & access_bits;
  // Where the file system refuses, the file opens to no one more than the one it replaces.
  if ((status.st_mode & permission_bits) != wanted) static_cast<void>(::fchmod(fd(), wanted));
}

void PartialFile::make_durable() {
  sync(fd(), target());
  folder_ = open_parent(target_);
}

std::uint64_t PartialFile::finish() {
  const struct stat status = status_of(fd(), target());
  // Again: writing takes set-user-ID and set-group-ID away.
  keep_permissions(status);
  // Some file systems report a full disk or quota only at closing. A claim stays locked meanwhile.
  if (claim_) {
    duplicate(fd(), target()).close(target());
  } else {
    fd_.close(target());
  }
  return static_cast<std::uint64_t>(status.st_size);
}

void PartialFile::move() {
  if (claim_) claim_->publish();
}

std::uint64_t PartialFile::publish() {
  const std::uint64_t size = finish();
  move();
  if (folder_.is_open()) sync_folder(folder_.get(), target());
  return size;
}

}  // namespace spikeport
