#include "storage/partial_file.h"

#include <sys/stat.h>

#include "storage/file_descriptor.h"

namespace spikeport {

PartialFile::PartialFile(const Target& target) : target_(target), claim_(Claim::Kind::file, target.path) {
  if (target.mode && ::fchmod(fd(), *target.mode) != 0) throw_errno("fchmod", target.path);
}

std::uint64_t PartialFile::publish(bool durable) {
  if (durable) sync(fd(), target());
  struct stat status {};
  if (::fstat(fd(), &status) != 0) throw_errno("fstat", target());
  claim_.publish();
  if (durable) sync_parent(target());
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace spikeport
