#include "storage/partial_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "storage/file_descriptor.h"

namespace spikeport {
namespace {

struct stat status_of(int fd, const std::string& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) throw_errno("fstat", path);
  return status;
}

}  // namespace

PartialFile PartialFile::in_partial_folder(const std::string& path) {
  FileDescriptor file = create_file(path);
  if (!file.is_open()) throw_errno("open", path);
  return {path, std::move(file)};
}

PartialFile::PartialFile(const Target& target) : target_(target), claim_(Claim(Claim::Kind::file, target.path)) {
  if (target.mode && (status_of(fd(), target.path).st_mode & permission_bits) != *target.mode &&
      ::fchmod(fd(), *target.mode) != 0) {
    throw_errno("fchmod", target.path);
  }
}

void PartialFile::make_durable() {
  sync(fd(), target());
  folder_ = open_parent(target());
}

std::uint64_t PartialFile::publish() {
  const struct stat status = status_of(fd(), target());
  // Some file systems tell of a full disk or quota only now.
  if (::close(::dup(fd())) != 0) throw_errno("close", target());
  if (claim_) claim_->publish();
  if (folder_.is_open()) sync_folder(folder_.get(), target());
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace spikeport
