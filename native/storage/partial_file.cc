#include "storage/partial_file.h"

#include <sys/stat.h>

#include "storage/file_descriptor.h"

namespace spikeport {

PartialFile::PartialFile(const Target& target) : target_(target), claim_(Claim::Kind::file, target.path) {
  if (target.mode && ::fchmod(fd(), *target.mode) != 0) throw_errno("fchmod", target.path);
}

void PartialFile::sync() const { spikeport::sync(fd(), target()); }

std::uint64_t PartialFile::publish() {
  struct stat status {};
  if (::fstat(fd(), &status) != 0) throw_errno("fstat", target());
  claim_.publish();
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace spikeport
